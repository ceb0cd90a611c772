import { Change } from '../../charts/change.tsx';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { Sparkline } from '../../charts/sparkline.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { DataQualityRow } from './report.ts';

type Props = {
  rows: DataQualityRow[];
  compared: DataQualityRow[] | undefined;
  /** The same measures per interval, in order. */
  course: DataQualityRow[];
};

/** Each measure with its number, its share and its course; those that are in no report stand below. */
export function QualityTable({ rows, compared, course }: Props) {
  const { words } = useSpeech();
  const isClean = rows.every((row) => row.measure === 'stored');
  return (
    <>
      <ScrollBox label={words.quality.title}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.quality.measure}</th>
              <th scope="col" className="number">
                {words.metrics.events}
              </th>
              <th scope="col" className="number">
                {words.metrics.share}
              </th>
              {compared && (
                <th scope="col" className="number">
                  {words.metrics.change}
                </th>
              )}
              <th scope="col">
                <span className="unseen">{words.metrics.change}</span>
              </th>
              <th scope="col">{words.quality.meaning}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Measure
                key={`${row.measure} ${row.is_stored}`}
                row={row}
                compared={compared}
                course={course}
              />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {isClean && <p className="hint">{words.quality.clean}</p>}
    </>
  );
}

function Measure({ row, compared, course }: Omit<Props, 'rows'> & { row: DataQualityRow }) {
  const { words, format } = useSpeech();
  const names: Record<string, string> = words.quality.measures;
  const meanings: Record<string, string> = words.quality.meanings;
  const isSame = (one: DataQualityRow) => one.measure === row.measure && one.is_stored === row.is_stored;
  const before = compared?.find(isSame);
  const starts = [...new Set(course.map((one) => one.interval_start))];
  const own = new Map(course.filter(isSame).map((one) => [one.interval_start, one.events]));
  return (
    <tr>
      <th scope="row">
        {names[row.measure] ?? row.measure}{' '}
        {!row.is_stored && <span className="tag bad">{words.quality.notStored}</span>}
      </th>
      <td className="number" title={format.number(row.events)}>
        {format.compact(row.events)}
      </td>
      <td className="number">{format.percent(row.share)}</td>
      {compared && (
        <td className="number">
          <Change
            now={row.events}
            before={before?.events}
            said={format.number(before?.events)}
            isBetterLower={row.measure !== 'stored'}
          />
        </td>
      )}
      <td className="course">
        <Sparkline values={starts.map((start) => own.get(start) ?? 0)} />
      </td>
      <td className="quiet small prose">{meanings[row.measure]}</td>
    </tr>
  );
}
