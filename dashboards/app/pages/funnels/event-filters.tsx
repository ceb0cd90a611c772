import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useSaidFilter } from '../../shell/filter-bar.tsx';
import type { Filter } from '../../state/filters.ts';

const FilterEditor = lazy(() =>
  import('../../shell/filter-editor.tsx').then((file) => ({ default: file.FilterEditor })),
);

/** What an event itself must bear: a pill per filter, each opening its editor. */
export function EventFilters({
  filters,
  onChange,
}: {
  filters: Filter[];
  onChange: (filters: Filter[]) => void;
}) {
  const { words } = useSpeech();
  const [edited, setEdited] = useState<number>();
  return (
    <div className="pills">
      {filters.map((filter, index) => (
        <EventFilter
          key={`${filter.field}:${filter.operator}:${filter.values.join(',')}`}
          filter={filter}
          onEdit={() => setEdited(index)}
          onRemove={() => onChange(filters.toSpliced(index, 1))}
        />
      ))}
      <button type="button" className="more" onClick={() => setEdited(filters.length)}>
        {words.funnel.addFilter}
      </button>
      {edited !== undefined && (
        <Dialog title={words.funnel.addFilter} onClose={() => setEdited(undefined)}>
          <Suspense>
            <FilterEditor
              hasTraits={false}
              filter={filters[edited]}
              onSave={(filter) => {
                onChange(edited === filters.length ? [...filters, filter] : filters.with(edited, filter));
                setEdited(undefined);
              }}
            />
          </Suspense>
        </Dialog>
      )}
    </div>
  );
}

function EventFilter({
  filter,
  onEdit,
  onRemove,
}: {
  filter: Filter;
  onEdit: () => void;
  onRemove: () => void;
}) {
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
