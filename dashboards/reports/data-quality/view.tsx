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
  /** The words of the page that shows it. */
  said: QualityWords;
};

/** What the table says besides what every page does. */
export type QualityWords = {
  readonly [Key in 'title' | 'measure' | 'meaning' | 'notStored' | 'clean']: string;
} & { readonly measures: Record<string, string>; readonly meanings: Record<string, string> };

/** Each measure with its number, its share and its course; those that are in no report stand below. */
export function QualityTable({ rows, compared, course, said }: Props) {
  const { words } = useSpeech();
  const isClean = rows.every((row) => row.measure === 'stored');
  return (
    <>
      <ScrollBox label={said.title}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{said.measure}</th>
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
              <th scope="col">{said.meaning}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Measure
                key={`${row.measure} ${row.is_stored}`}
                row={row}
                compared={compared}
                course={course}
                said={said}
              />
            ))}
          </tbody>
        </table>
      </ScrollBox>
      {isClean && <p className="hint">{said.clean}</p>}
    </>
  );
}

function Measure({ row, compared, course, said }: Omit<Props, 'rows'> & { row: DataQualityRow }) {
  const { format } = useSpeech();
  const isSame = (one: DataQualityRow) => one.measure === row.measure && one.is_stored === row.is_stored;
  const before = compared?.find(isSame);
  const starts = [...new Set(course.map((one) => one.interval_start))];
  const own = new Map(course.filter(isSame).map((one) => [one.interval_start, one.events]));
  return (
    <tr>
      <th scope="row">
        {said.measures[row.measure] ?? row.measure}{' '}
        {!row.is_stored && <span className="tag bad">{said.notStored}</span>}
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
      <td className="quiet small prose">{said.meanings[row.measure]}</td>
    </tr>
  );
}
