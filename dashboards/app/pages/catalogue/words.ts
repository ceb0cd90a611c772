import { catalogue as de } from '../../../words/de/catalogue.ts';
import { catalogue as en } from '../../../words/en/catalogue.ts';
import type { Wording } from '../../../words/pattern.ts';
import { usePageWords } from '../../../words/words.tsx';

const ALL: Record<'en' | 'de', Wording<typeof en>> = { en, de };

export const useCatalogueWords = () => usePageWords(ALL);
