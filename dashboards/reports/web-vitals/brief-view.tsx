import { Shares } from '../../charts/shares.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { WebVitalsRow } from './report.ts';
import { METRICS, TONES } from './view.tsx';
import { writeVital } from './write-vital.ts';

const RATINGS = ['good', 'needs_improvement', 'poor'] as const;

/** Each metric in one line: its p75, how that is rated, and how the page views divide. */
export function VitalsBrief({ rows }: { rows: WebVitalsRow[] }) {
  const { words, format } = useSpeech();
  return (
    <table className="bars vitals-brief">
      <thead>
        <tr>
          <th scope="col">{words.panels.vitals}</th>
          <th scope="col">{words.metrics.share}</th>
          <th scope="col" className="number">
            p75
          </th>
        </tr>
      </thead>
      <tbody>
        {METRICS.flatMap((metric) => rows.find((row) => row.metric === metric) ?? []).map((row) => (
          <tr key={row.metric} title={words.vitals.meanings[row.metric]}>
            <th scope="row">{words.vitals.names[row.metric]}</th>
            <td>
              <Shares
                label={words.vitals.names[row.metric]}
                parts={RATINGS.map((rating) => ({
                  key: rating,
                  size: row[rating],
                  tone: TONES[rating],
                  note: `${words.vitals.ratings[rating]}: ${format.percent(row.measurements ? row[rating] / row.measurements : null)}`,
                }))}
              />
            </td>
            <td className="number">
              <span className="quiet small">{words.vitals.ratings[row.rating]} </span>
              <span className={`tag ${TONES[row.rating]}`}>{writeVital(row, format)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
