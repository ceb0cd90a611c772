import { Shares } from '../../charts/shares.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { WebVitalsRow } from './report.ts';
import { writeVital } from './write-vital.ts';

export const METRICS = ['lcp', 'inp', 'cls', 'fcp', 'ttfb'] as const;
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
