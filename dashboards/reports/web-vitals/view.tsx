import { groupBy } from '../../charts/group-by.ts';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { Shares } from '../../charts/shares.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import type { Format } from '../../words/format.ts';
import { useSpeech } from '../../words/words.tsx';
import type { WebVitalsRow } from './report.ts';

const METRICS = ['lcp', 'inp', 'cls', 'fcp', 'ttfb'] as const;
export const TONES = { good: 'good', needs_improvement: 'warn', poor: 'bad' } as const;

/** The five metrics at their 75th percentile, each with how many page views were good, middling and poor. */
export function VitalsCards({ rows }: { rows: WebVitalsRow[] }) {
  const { words, format } = useSpeech();
  return (
    <div className="vitals">
      {METRICS.flatMap((metric) => rows.find((row) => row.metric === metric) ?? []).map((row) => (
        <section key={row.metric} className="panel" aria-label={words.vitals.names[row.metric]}>
          <h2>{words.vitals.names[row.metric]}</h2>
          <p className="stat-line">
            <span className="stat-number">{writeVital(row, format)}</span>
            <span className={`tag ${TONES[row.rating]}`}>{words.vitals.ratings[row.rating]}</span>
          </p>
          <Distribution row={row} />
          <p className="hint">{words.vitals.meanings[row.metric]}</p>
          <p className="hint">{words.vitals.measured(format.number(row.measurements))}</p>
        </section>
      ))}
    </div>
  );
}

function Distribution({ row }: { row: WebVitalsRow }) {
  const { words, format } = useSpeech();
  const ratings = ['good', 'needs_improvement', 'poor'] as const;
  return (
    <Shares
      label={words.vitals.names[row.metric]}
      parts={ratings.map((rating) => ({
        key: rating,
        size: row[rating],
        tone: TONES[rating],
        note: `${words.vitals.ratings[rating]}: ${format.percent(row.measurements ? row[rating] / row.measurements : null)}`,
      }))}
    />
  );
}

/** The p75 of each metric per page or device, the poor ones marked. */
export function VitalsTable({ dimension, rows }: { dimension: string; rows: WebVitalsRow[] }) {
  const { words, format } = useSpeech();
  return (
    <ScrollBox label={words.nav.vitals}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{nameOfField(dimension, words)}</th>
            {METRICS.map((metric) => (
              <th key={metric} scope="col" className="number">
                {metric.toUpperCase()}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...groupBy(rows, (row) => row.value)].map(([value, metrics]) => (
            <tr key={value}>
              <th scope="row">{nameOfValue(dimension, value, words, format)}</th>
              {METRICS.map((metric) => {
                const row = metrics.find((one) => one.metric === metric);
                return (
                  <td key={metric} className="number">
                    {row ? (
                      <span className={`tag ${TONES[row.rating]}`} title={words.vitals.ratings[row.rating]}>
                        {writeVital(row, format)}
                      </span>
                    ) : (
                      '–'
                    )}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** CLS is a score, the others are times. */
export function writeVital(row: WebVitalsRow, format: Format): string {
  return row.metric === 'cls' ? format.score(row.p75) : format.duration(row.p75);
}
