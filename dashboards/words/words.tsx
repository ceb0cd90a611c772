import { createContext, type ReactNode, useContext } from 'react';
import { en } from './en.ts';
import { createFormat, type Format } from './format.ts';
import type { Words } from './pattern.ts';

export type Language = 'en' | 'de';
export const LANGUAGES: Record<Language, string> = { en: 'English', de: 'Deutsch' };

export type Speech = { words: Words; format: Format; language: Language };

const Spoken = createContext<Speech>({ words: en, format: createFormat('en-GB'), language: 'en' });

export function SpeechProvider({ speech, children }: { speech: Speech; children: ReactNode }) {
  return <Spoken value={speech}>{children}</Spoken>;
}

export const useSpeech = () => useContext(Spoken);

/** The words of one page: they come along with its script, in every language, and not with the first page's. */
export function usePageWords<Page>(all: Record<Language, Page>): Page {
  return all[useSpeech().language];
}

/** `locale` decides how numbers and dates look ("en-GB", "de-CH"), its language which words are used. */
export async function loadSpeech(locale: string): Promise<Speech> {
  const language: Language = locale.toLowerCase().startsWith('de') ? 'de' : 'en';
  const words = language === 'de' ? (await import('./de.ts')).de : en;
  // "en" alone would write dates as in the United States; where the browser names no region, ours is neutral.
  return { words, language, format: createFormat(locale === 'en' ? 'en-GB' : locale) };
}
