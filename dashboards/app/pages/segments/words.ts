import { segments as de } from '../../../words/de/segments.ts';
import { segments as en } from '../../../words/en/segments.ts';
import type { Wording } from '../../../words/pattern.ts';
import { usePageWords } from '../../../words/words.tsx';

const ALL: Record<'en' | 'de', Wording<typeof en>> = { en, de };

export const useSegmentWords = () => usePageWords(ALL);
