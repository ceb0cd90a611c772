import type { CatalogueRow } from '../../../reports/catalogue/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { Explain } from '../../parts/explain.tsx';
import { Icon } from '../../parts/icon.tsx';
import { SuggestField } from '../../parts/suggest-field.tsx';
import { useView } from '../../state/use-view.ts';
import { EventFilters } from '../funnels/event-filters.tsx';
import { useSuggestions } from '../funnels/use-suggestions.ts';
import { METRICS, needsProperty, type Series } from './definition.ts';
import { useExploreWords } from './words.ts';

type Props = {
  series: Series;
  place: number;
  isOnly: boolean;
  onChange: (series: Series) => void;
  onRemove: () => void;
};

/** Kinds that have no name of their own and are counted often. */
const KINDS = ['page_view', 'outbound_link', 'file_download', 'form_submit', 'click', 'error'] as const;

/** Which events, under which filters, counted how. */
export function SeriesEditor({ series, place, isOnly, onChange, onRemove }: Props) {
  const words = useExploreWords();
  const { words: common } = useSpeech();
  const kinds = {
    label: words.kinds,
    items: KINDS.map((value) => ({ value, note: common.kinds[value] })),
  };
  const suggestions = [kinds, ...useSuggestions()];
  return (
    <>
      <span className="funnel-place series-place">{place + 1}</span>
      <div className="step-body">
        <SuggestField
          label={`${words.series(String(place + 1))}: ${words.what}`}
          value={series.what}
          groups={suggestions}
          placeholder={common.funnel.stepHint}
          onCommit={(what) => onChange({ ...series, what })}
        />
        <div className="step-line">
          <select
            className="input"
            aria-label={`${words.series(String(place + 1))}: ${words.metric}`}
            value={series.metric}
            onChange={(event) =>
              onChange({
                ...series,
                metric: METRICS.find((one) => one === event.target.value) ?? series.metric,
              })
            }
          >
            {METRICS.map((one) => (
              <option key={one} value={one}>
                {words.metrics[one]}
              </option>
            ))}
          </select>
          <Explain what={words.metrics[series.metric]}>
            <p>{words.meanings[series.metric]}</p>
          </Explain>
        </div>
        {needsProperty(series.metric) && (
          <PropertyField
            series={series}
            place={place}
            onCommit={(property) => onChange({ ...series, property })}
          />
        )}
        <EventFilters filters={series.filters} onChange={(filters) => onChange({ ...series, filters })} />
      </div>
      {!isOnly && (
        <button
          type="button"
          className="icon-button"
          aria-label={words.removeSeries(String(place + 1))}
          onClick={onRemove}
        >
          <Icon name="close" />
        </button>
      )}
    </>
  );
}

type PropertyProps = { series: Series; place: number; onCommit: (property: string) => void };

/** Suggests the numbers that such events really bear. */
function PropertyField({ series, place, onCommit }: PropertyProps) {
  const words = useExploreWords();
  const { words: common, format } = useSpeech();
  const view = useView();
  const state = useReport<ReportAnswer<CatalogueRow>>(view.site.site_id, 'catalogue', { period: view.range });
  const rows = state.status === 'ready' ? state.answer.rows : [];
  const items = rows
    .filter((row) => row.type === 'number' && (row.name === series.what || series.what === ''))
    .map((row) => ({ value: row.property, note: format.compact(row.events) }));
  return (
    <SuggestField
      label={`${words.series(String(place + 1))}: ${words.property}`}
      value={series.property}
      placeholder={words.propertyHint}
      groups={[
        {
          label: common.dimensions.property,
          items: [...items, { value: 'revenue', note: words.revenueNote }],
        },
      ]}
      onCommit={onCommit}
    />
  );
}
