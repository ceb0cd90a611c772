import type { ReactNode } from 'react';
import { ChartTable } from '../../charts/chart-table.tsx';
import { FunnelBars, type FunnelStep } from '../../charts/funnel-bars.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { BreakdownRows, FunnelRow } from './answer.ts';
import { FunnelGroups } from './groups-view.tsx';

/** One set of bars: the whole, the compared period, or one value of a breakdown. */
export type FunnelSeries = {
  key: string;
  name: string;
  rows: FunnelRow[];
  isCompared?: boolean;
  /** The breakdown's value that it stands for. */
  value?: string;
};

type Props = {
  steps: { label: string; isOptional: boolean }[];
  /** What the numbers beneath are about. */
  rows: FunnelRow[];
  /** What is drawn side by side: the whole, the compared period, the values of a breakdown. */
  series: FunnelSeries[];
  /** All rows of the breakdown, of which `series` are the first. */
  groups?: { property: string; all: BreakdownRows[] } | undefined;
  onPick?: (step: number, series: FunnelSeries) => void;
  /** Of all visitors, whatever stands side by side: so are the numbers beneath. */
  onPickDropped?: (step: number) => void;
  isBrief?: boolean;
};

/** A funnel drawn: per step the people, % of first and previous, drop-off, time and revenue. */
export function FunnelView({ steps, rows, series, groups, onPick, onPickDropped, isBrief = false }: Props) {
  const { words, format } = useSpeech();
  const worst = mostDropOff(rows);
  const drawn = steps.map(
    (step, index): FunnelStep => ({
      ...step,
      badge: index === worst ? words.funnel.mostDropOff : undefined,
      key: `${index}:${step.label}`,
      bars: series.map((one, place) => {
        const row = one.rows[index];
        return {
          key: one.key,
          label: words.funnel.barLabel(
            [step.label, one.name].filter(Boolean).join(', '),
            format.number(row?.people ?? 0),
            format.percent(row?.share_of_first),
          ),
          share: row?.share_of_first ?? 0,
          series: one.isCompared ? 'compared' : place,
          onPick: onPick && !one.isCompared && (row?.people ?? 0) > 0 ? () => onPick(index, one) : undefined,
        };
      }),
      facts: rows[index] ? facts(rows[index], index) : [],
    }),
  );
  return (
    <>
      {series.length > 1 && <SeriesKey series={series} />}
      {groups && <p className="hint funnel-note">{words.funnel.beneathIsAll}</p>}
      <FunnelBars steps={drawn} optionalLabel={words.funnel.optional} />
      {!isBrief && rows.some((row) => row.revenue.length > 0) && (
        <p className="hint">{words.funnel.revenueMeaning}</p>
      )}
      {groups && <FunnelGroups {...groups} steps={steps} drawn={series.length} />}
      {!isBrief && <FunnelTable steps={steps} series={series} />}
    </>
  );

  function dropped(row: FunnelRow, index: number): ReactNode {
    const count = format.number(row.drop_off);
    if (!onPickDropped || row.drop_off === 0) return count;
    return (
      <button
        type="button"
        className="more"
        aria-label={words.funnel.showDropped(count, steps[index]?.label ?? '')}
        onClick={() => onPickDropped(index)}
      >
        {count}
      </button>
    );
  }

  function facts(row: FunnelRow, index: number): FunnelStep['facts'] {
    const isLast = index === steps.length - 1;
    const all = [
      { name: words.metrics.visitors, value: format.number(row.people) },
      { name: words.funnel.ofFirst, value: format.percent(row.share_of_first) },
      ...(index > 0 ? [{ name: words.funnel.ofPrevious, value: format.percent(row.share_of_previous) }] : []),
      ...(isLast ? [] : [{ name: words.funnel.dropOff, value: dropped(row, index) }]),
      ...(row.still_converting > 0 && !isLast
        ? [{ name: words.funnel.stillConverting, value: format.number(row.still_converting) }]
        : []),
    ];
    if (isBrief) return all;
    return [
      ...all,
      ...(index > 0 ? [{ name: words.funnel.medianTime, value: format.duration(row.median_ms) }] : []),
      ...row.revenue.map(({ currency, amount }) => ({
        name: words.metrics.revenue,
        value: format.money(amount, currency),
      })),
    ];
  }
}

/** After which step the most leave; undefined where it is no news: nobody leaves, or there is one step to leave. */
function mostDropOff(rows: readonly FunnelRow[]): number | undefined {
  const before = rows.slice(0, -1);
  const most = Math.max(0, ...before.map((row) => row.drop_off));
  return before.length > 1 && most > 0 ? before.findIndex((row) => row.drop_off === most) : undefined;
}

function FunnelTable({ steps, series }: Pick<Props, 'steps' | 'series'>) {
  const { words, format } = useSpeech();
  const hasNames = series.length > 1;
  return (
    <ChartTable
      caption={words.funnel.title}
      head={[
        words.funnel.step,
        ...(hasNames ? [words.funnel.series] : []),
        words.metrics.visitors,
        words.funnel.ofFirst,
        words.funnel.ofPrevious,
        words.funnel.dropOff,
        words.funnel.stillConverting,
        words.funnel.medianTime,
        words.funnel.meanTime,
        words.metrics.revenue,
      ]}
      rows={series.flatMap((one) =>
        one.rows.map((row, index) => [
          `${index + 1}. ${steps[index]?.label ?? ''}`,
          ...(hasNames ? [one.name] : []),
          format.number(row.people),
          format.percent(row.share_of_first),
          index > 0 ? format.percent(row.share_of_previous) : '–',
          format.number(row.drop_off),
          format.number(row.still_converting),
          index > 0 ? format.duration(row.median_ms) : '–',
          index > 0 ? format.duration(row.mean_ms) : '–',
          row.revenue.map(({ currency, amount }) => format.money(amount, currency)).join(', ') || '–',
        ]),
      )}
    />
  );
}

/** Which colour is which; beside each the rate to the last step. */
function SeriesKey({ series }: { series: FunnelSeries[] }) {
  const { words, format } = useSpeech();
  return (
    <p className="key">
      {series.map((one, place) => (
        <span key={one.key}>
          <span className={`swatch series-${one.isCompared ? 5 : place}`} />
          {one.name || words.funnel.thisPeriod}
          <strong>{format.percent(one.rows.at(-1)?.share_of_first)}</strong>
        </span>
      ))}
    </p>
  );
}
