import { explore as de } from '../../../words/de/explore.ts';
import { explore as en } from '../../../words/en/explore.ts';
import type { Wording } from '../../../words/pattern.ts';
import { usePageWords } from '../../../words/words.tsx';

const ALL: Record<'en' | 'de', Wording<typeof en>> = { en, de };

export const useExploreWords = () => usePageWords(ALL);
