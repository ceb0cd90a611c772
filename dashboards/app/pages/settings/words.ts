import { settingsWords as de } from '../../../words/de/settings.ts';
import { settingsWords as en } from '../../../words/en/settings.ts';
import type { Wording } from '../../../words/pattern.ts';
import { usePageWords, useSpeech } from '../../../words/words.tsx';

const ALL: Record<'en' | 'de', Wording<typeof en>> = { en, de };

/** What all pages can say, and what the settings alone say: that comes along with their script. */
export function useSettingsSpeech() {
  const speech = useSpeech();
  const own = usePageWords(ALL);
  return { ...speech, words: { ...speech.words, ...own } };
}
