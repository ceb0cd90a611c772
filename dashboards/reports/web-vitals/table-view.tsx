import { useState } from 'react';
import { groupBy } from '../../charts/group-by.ts';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { SortHeading } from '../../charts/sort-heading.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { WebVitalsRow } from './report.ts';
import { METRICS, TONES } from './view.tsx';
import { writeVital } from './write-vital.ts';

type Metric = (typeof METRICS)[number];
type Column = Metric | 'measurements';
type Order = { by: Column; isUpwards: boolean };
/** One page or device: what is known of it, and of how many page views at most. */
type Line = { value: string; measurements: number; metrics: Partial<Record<Metric, WebVitalsRow>> };

/** The p75 of each metric per page or device, the poor ones marked; sorted by any of them, the worst first. */
export function VitalsTable({ dimension, rows }: { dimension: string; rows: WebVitalsRow[] }) {
  const { words, format } = useSpeech();
  const [order, setOrder] = useState<Order>({ by: 'measurements', isUpwards: false });
  const sortBy = (by: Column) => setOrder({ by, isUpwards: order.by === by && !order.isUpwards });
  return (
    <ScrollBox label={words.nav.vitals}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{nameOfField(dimension, words)}</th>
            <SortHeading column="measurements" name={words.vitals.views} order={order} onSort={sortBy} />
            {METRICS.map((metric) => (
              <SortHeading
                key={metric}
                column={metric}
                name={metric.toUpperCase()}
                title={words.vitals.names[metric]}
                order={order}
                onSort={sortBy}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {toLines(rows)
            .toSorted(compareBy(order))
            .map(({ value, measurements, metrics }) => (
              <tr key={value}>
                <th scope="row">{nameOfValue(dimension, value, words, format)}</th>
                <td className="number">{format.number(measurements)}</td>
                {METRICS.map((metric) => (
                  <td key={metric} className="number">
                    <Vital row={metrics[metric]} />
                  </td>
                ))}
              </tr>
            ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function Vital({ row }: { row: WebVitalsRow | undefined }) {
  const { words, format } = useSpeech();
  if (!row) return '–';
  const said = `${words.vitals.ratings[row.rating]}, ${words.vitals.measured(format.number(row.measurements))}`;
  return (
    <span className={`tag ${TONES[row.rating]}`} title={said}>
      {writeVital(row, format)}
    </span>
  );
}

function toLines(rows: WebVitalsRow[]): Line[] {
  return [...groupBy(rows, (row) => row.value)].map(([value, found]) => ({
    value,
    measurements: Math.max(...found.map((row) => row.measurements)),
    metrics: Object.fromEntries(found.map((row) => [row.metric, row])),
  }));
}

/** What was not measured stands last either way. */
function compareBy({ by, isUpwards }: Order) {
  const read = (line: Line) => (by === 'measurements' ? line.measurements : line.metrics[by]?.p75);
  return (one: Line, other: Line): number => {
    const [first, second] = [read(one), read(other)];
    if (first === undefined || second === undefined)
      return Number(first === undefined) - Number(second === undefined);
    return isUpwards ? first - second : second - first;
  };
}
