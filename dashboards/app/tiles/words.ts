import { boards as de } from '../../words/de/boards.ts';
import { boards as en } from '../../words/en/boards.ts';
import type { Wording } from '../../words/pattern.ts';
import { usePageWords } from '../../words/words.tsx';

const ALL: Record<'en' | 'de', Wording<typeof en>> = { en, de };

export const useBoardWords = () => usePageWords(ALL);
