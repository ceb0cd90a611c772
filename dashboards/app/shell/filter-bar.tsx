import { lazy, Suspense, useState } from 'react';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import { useGoals } from '../api/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { type Filter, takesNoValue } from '../state/filters.ts';
import { useView } from '../state/use-view.ts';
import { SegmentPicker, SegmentPills } from './segment-pills.tsx';

// The editor brings a combobox along: not for the first page's bytes.
const FilterEditor = lazy(() =>
  import('./filter-editor.tsx').then((file) => ({ default: file.FilterEditor })),
);

/** The filters in force, each a pill that can be changed or taken away, and the way to a new one. */
export function FilterBar() {
  const { words } = useSpeech();
  const { filters, segments, goal, change } = useView();
  const [edited, setEdited] = useState<number>();
  const isNew = edited === filters.length;
  return (
    <div className="pills">
      {goal !== undefined && <GoalPill id={goal} onRemove={() => change({ goal: undefined })} />}
      {filters.map((filter, index) => (
        <FilterPill
          key={`${filter.field}:${filter.operator}:${filter.values.join(',')}`}
          filter={filter}
          onEdit={() => setEdited(index)}
          onRemove={() => change({ filters: filters.toSpliced(index, 1) })}
        />
      ))}
      <SegmentPills />
      <button type="button" className="button plain small" onClick={() => setEdited(filters.length)}>
        <Icon name="filter" />
        {words.filter.add}
      </button>
      <SegmentPicker />
      {filters.length + segments.length + (goal === undefined ? 0 : 1) > 1 && (
        <button
          type="button"
          className="button plain small"
          onClick={() => change({ filters: [], segments: [], goal: undefined })}
        >
          {words.filter.clear}
        </button>
      )}
      {edited !== undefined && (
        <Dialog title={isNew ? words.filter.add : words.filter.edit} onClose={() => setEdited(undefined)}>
          <Suspense>
            <FilterEditor
              filter={filters[edited]}
              onSave={(filter) => {
                change({ filters: isNew ? [...filters, filter] : filters.with(edited, filter) });
                setEdited(undefined);
              }}
            />
          </Suspense>
        </Dialog>
      )}
    </div>
  );
}

/** Which goal turns every panel into a report on conversions. */
function GoalPill({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { words } = useSpeech();
  const { site } = useView();
  const goals = useGoals(site.site_id);
  const name = goals.status === 'ready' ? goals.answer.find((one) => one.goal_id === id)?.name : undefined;
  const said = words.panels.goal(name ?? words.app.unknown);
  return (
    <span className="pill">
      <span className="pill-text">{said}</span>
      <button
        type="button"
        className="icon-button"
        aria-label={words.panels.goalRemove(name ?? words.app.unknown)}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </span>
  );
}

type PillProps = { filter: Filter; onEdit: () => void; onRemove: () => void };

function FilterPill({ filter, onEdit, onRemove }: PillProps) {
  const { words } = useSpeech();
  const said = useSaidFilter(filter);
  return (
    <span className="pill">
      <button type="button" onClick={onEdit}>
        {said}
      </button>
      <button type="button" className="icon-button" aria-label={words.filter.remove(said)} onClick={onRemove}>
        <Icon name="close" />
      </button>
    </span>
  );
}

/** A filter as a sentence: "Country is Germany or Austria". */
export function useSaidFilter({ field, operator, values }: Filter): string {
  const { words, format } = useSpeech();
  const name = nameOfField(field, words);
  if (takesNoValue(operator)) return `${name} ${words.filter.operators[operator]}`;
  return `${name} ${words.filter.operators[operator]} ${format.list(values.map((value) => nameOfValue(field, value, words, format)))}`;
}
