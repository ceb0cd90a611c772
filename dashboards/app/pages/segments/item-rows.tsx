import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { useSaved } from '../../api/saved.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useSaidFilter } from '../../shell/filter-bar.tsx';
import { FilterEditor } from '../../shell/filter-editor.tsx';
import { scopeOf } from '../../state/fields.ts';
import { useView } from '../../state/use-view.ts';
import type { Condition, OtherSegment } from './definition.ts';
import { useSegmentWords } from './words.ts';

const route = getRouteApi('/sites/$site/segments');

type ConditionProps = { condition: Condition; onChange: (condition: Condition) => void };

/** A condition as a sentence, with whom it selects beneath; a click changes it. */
export function ConditionRow({ condition, onChange }: ConditionProps) {
  const { words } = useSpeech();
  const [isEdited, setEdited] = useState(false);
  const said = useSaidFilter(condition.filter);
  return (
    <div className="condition">
      <button type="button" className="condition-said" onClick={() => setEdited(true)}>
        {said}
      </button>
      <span className="hint">{words.filter.scope[scopeOf(condition.filter.field)]}</span>
      {isEdited && (
        <Dialog title={words.filter.edit} onClose={() => setEdited(false)}>
          <FilterEditor
            filter={condition.filter}
            onSave={(filter) => {
              onChange({ kind: 'condition', filter });
              setEdited(false);
            }}
          />
        </Dialog>
      )}
    </div>
  );
}

type SegmentProps = { segment: OtherSegment; onChange: (segment: OtherSegment) => void };

/** Another segment as a part of this one; itself is not to be chosen. */
export function SegmentRow({ segment, onChange }: SegmentProps) {
  const words = useSegmentWords();
  const { site } = useView();
  const { saved: ownId } = route.useSearch();
  const saved = useSaved(site.site_id, 'segment');
  const items = saved.status === 'ready' ? saved.answer.filter((one) => one.item_id !== ownId) : [];
  return (
    <label className="condition inline-field">
      <span>{words.inSegment}</span>
      <select
        className="input"
        value={segment.id}
        onChange={(event) => onChange({ kind: 'segment', id: event.target.value })}
      >
        <option value="">–</option>
        {items.map((one) => (
          <option key={one.item_id} value={one.item_id}>
            {one.name}
          </option>
        ))}
      </select>
    </label>
  );
}
