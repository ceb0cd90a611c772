import { Change } from '../../charts/change.tsx';
import { ChartTable } from '../../charts/chart-table.tsx';
import { Columns } from '../../charts/columns.tsx';
import { LineChart } from '../../charts/line-chart.tsx';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import type { Format } from '../../words/format.ts';
import type { Words } from '../../words/pattern.ts';
import { useSpeech } from '../../words/words.tsx';
import { useIntervalNames } from '../overview/view.tsx';
import type { FunnelAnswer, FunnelSummary, NextRow, SeparatorRow, TrendRow } from './answer.ts';

/** The funnel in one line: how many entered, converted and still may; the rate with its interval. */
export function SummaryRow({
  summary,
  compared,
}: {
  summary: FunnelSummary;
  compared: FunnelSummary | undefined;
}) {
  const { words, format } = useSpeech();
  const numbers = [
    { name: words.funnel.entered, value: format.number(summary.entered) },
    { name: words.funnel.converted, value: format.number(summary.converted) },
    { name: words.funnel.stillConverting, value: format.number(summary.still_converting) },
    { name: words.funnel.medianToConvert, value: format.duration(summary.median_ms) },
    ...(summary.excluded > 0
      ? [{ name: words.funnel.excluded, value: format.number(summary.excluded) }]
      : []),
  ];
  return (
    <dl className="summary">
      <div className="summary-item">
        <dt>{words.metrics.conversion_rate}</dt>
        <dd className="stat-line">
          <span className="stat-number">{format.percent(summary.conversion_rate)}</span>
          <Change
            isRate
            now={summary.conversion_rate}
            before={compared?.conversion_rate}
            said={format.percent(compared?.conversion_rate)}
          />
          <span className="stat-note">
            {summary.rate_low !== null &&
              `${format.percent(summary.rate_low)} – ${format.percent(summary.rate_high)}`}
          </span>
        </dd>
      </div>
      {numbers.map(({ name, value }) => (
        <div className="summary-item" key={name}>
          <dt>{name}</dt>
          <dd className="stat-number">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How long those who converted took from the first to the last step. */
export function ConversionTimes({ answer }: { answer: FunnelAnswer }) {
  const { words, format } = useSpeech();
  const span = (from: number, to: number) => `${format.duration(from)} – ${format.duration(to)}`;
  if (answer.histogram.length === 0) return <p className="message">{words.funnel.nobodyConverted}</p>;
  return (
    <>
      <p className="small quiet">
        {words.funnel.timesSaid(
          format.duration(answer.summary.median_ms),
          format.duration(answer.summary.mean_ms),
        )}
      </p>
      <Columns
        title={words.funnel.tabs.time}
        height={300}
        columns={answer.histogram.map((bin) => ({
          label: span(bin.from_ms, bin.to_ms),
          tick: format.duration(bin.from_ms),
          value: bin.people,
        }))}
        format={format.number}
      />
      <ChartTable
        caption={words.funnel.tabs.time}
        head={[words.funnel.time, words.metrics.visitors]}
        rows={answer.histogram.map((bin) => [span(bin.from_ms, bin.to_ms), format.number(bin.people)])}
      />
    </>
  );
}

/** The rate by the day (hour, week, month) of entry; who may still convert makes the end of the line dashed. */
export function FunnelTrend({
  rows,
  interval,
}: {
  rows: TrendRow[];
  interval: 'hour' | 'day' | 'week' | 'month';
}) {
  const { words, format } = useSpeech();
  const name = useIntervalNames(interval);
  return (
    <>
      <LineChart
        title={words.funnel.tabs.trend}
        height={300}
        atLeast={0.01}
        points={rows.map((row) => ({
          label: `${name.full(row.local_start)} · ${words.app.of(format.number(row.converted), format.number(row.entered))}`,
          tick: name.short(row.local_start),
          value: row.conversion_rate,
          isUnfinished: row.is_unfinished,
        }))}
        format={format.percent}
      />
      <p className="key">
        <span>{words.funnel.dashed}</span>
      </p>
      <ChartTable
        caption={words.funnel.tabs.trend}
        head={[
          words.overview.date,
          words.funnel.entered,
          words.funnel.converted,
          words.funnel.stillConverting,
          words.metrics.conversion_rate,
        ]}
        rows={rows.map((row) => [
          name.full(row.local_start),
          format.number(row.entered),
          format.number(row.converted),
          format.number(row.still_converting),
          format.percent(row.conversion_rate),
        ])}
      />
    </>
  );
}

type NextProps = {
  rows: NextRow[];
  steps: { step: number; label: string }[];
  picked: number;
  onPick: (step: number) => void;
};

/** What those did next who left after a step. */
export function NextSteps({ rows, steps, picked, onPick }: NextProps) {
  const { words } = useSpeech();
  return (
    <>
      <label className="inline-field">
        <span className="label">{words.funnel.leftAfter}</span>
        <select className="input" value={picked} onChange={(event) => onPick(Number(event.target.value))}>
          {steps.map(({ step, label }) => (
            <option key={step} value={step}>{`${step}. ${label}`}</option>
          ))}
        </select>
      </label>
      <NextList rows={rows} />
    </>
  );
}

export function NextList({ rows }: { rows: NextRow[] }) {
  const { words, format } = useSpeech();
  if (rows.length === 0) return <p className="message">{words.funnel.nobodyLeft}</p>;
  return (
    <>
      <p className="small quiet">{words.funnel.nextMeaning}</p>
      <ScrollBox label={words.funnel.tabs.next}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.funnel.wentTo}</th>
              <th scope="col" className="number">
                {words.metrics.visitors}
              </th>
              <th scope="col" className="number">
                {words.metrics.share}
              </th>
              <th scope="col" className="number">
                {words.funnel.leftThere}
              </th>
              <th scope="col">{words.funnel.wentOnTo}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.label} ${row.from}`}>
                <th scope="row">{row.label || words.funnel.leftFrom(row.from)}</th>
                <td className="number">{format.number(row.people)}</td>
                <td className="number">{format.percent(row.share)}</td>
                <td className="number">{row.label ? format.number(row.left) : '–'}</td>
                <td className="small quiet prose">
                  {row.onward.map(({ label, people }) => `${label} (${format.number(people)})`).join(', ') ||
                    '–'}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </>
  );
}

/** What converters have or did more often than the rest: odds ratios, those that chance may explain marked. */
export function Separators({ rows }: { rows: SeparatorRow[] }) {
  const { words, format } = useSpeech();
  if (rows.length === 0) return <p className="message">{words.funnel.noSeparators}</p>;
  return (
    <>
      <p className="small quiet">{words.funnel.separatorsMeaning}</p>
      <ScrollBox label={words.funnel.tabs.separators}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.funnel.trait}</th>
              <th scope="col" className="number">
                {words.funnel.converted}
              </th>
              <th scope="col" className="number">
                {words.funnel.othersDid}
              </th>
              <th scope="col" className="number">
                {words.funnel.odds}
              </th>
              <th scope="col">{words.funnel.certainty}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.kind} ${row.name} ${row.value}`}>
                <th scope="row">{nameOfTrait(row, words, format)}</th>
                <td className="number">
                  {format.percent(row.converted_total ? row.converted / row.converted_total : null)}
                </td>
                <td className="number">
                  {format.percent(row.others_total ? row.others / row.others_total : null)}
                </td>
                <td className="number">
                  <strong>{format.decimal(row.odds_ratio)}</strong>
                </td>
                <td className="small">
                  <Certainty row={row} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </>
  );
}

/** "Device: Phone"; of what somebody did its name. */
function nameOfTrait({ kind, name, value }: SeparatorRow, words: Words, format: Format): string {
  if (kind === 'property') return `${nameOfField(name, words)}: ${nameOfValue(name, value, words, format)}`;
  const kinds: Record<string, string> = words.kinds;
  return kinds[name] ?? name;
}

function Certainty({ row }: { row: SeparatorRow }) {
  const { words, format } = useSpeech();
  const range = `${format.decimal(row.odds_low)} – ${format.decimal(row.odds_high)}`;
  if (row.odds_low <= 1 && row.odds_high >= 1)
    return <span className="tag">{words.funnel.mayBeChance(range)}</span>;
  return <span className={`tag ${row.odds_ratio > 1 ? 'good' : 'bad'}`}>{range}</span>;
}
