import { ScrollBox } from '../../charts/scroll-box.tsx';
import { nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { PeopleRow } from './report.ts';

type Props = { rows: PeopleRow[]; timeZone: string; onPick: (personId: string) => void };

/** Who was here, latest first. */
export function PeopleTable({ rows, timeZone, onPick }: Props) {
  const { words, format } = useSpeech();
  return (
    <ScrollBox label={words.nav.people}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.people.who}</th>
            <th scope="col">{words.people.lastSeen}</th>
            <th scope="col" className="number">
              {words.metrics.sessions}
            </th>
            <th scope="col" className="number">
              {words.metrics.page_views}
            </th>
            <th scope="col">{words.dimensions.source}</th>
            <th scope="col">{words.dimensions.country}</th>
            <th scope="col">{words.dimensions.device}</th>
            <th scope="col" className="number">
              {words.metrics.revenue}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.person_id}>
              <th scope="row">
                <button type="button" className="more" onClick={() => onPick(row.person_id)}>
                  {row.user_id || words.people.anonymous(row.person_id.slice(-6))}
                </button>
              </th>
              <td>{format.dateTime(row.last_seen_ms, timeZone)}</td>
              <td className="number">{format.number(row.sessions)}</td>
              <td className="number">{format.number(row.page_views)}</td>
              <td>{nameOfValue('source', row.source, words, format)}</td>
              <td>{nameOfValue('country', row.country, words, format)}</td>
              <td>{nameOfValue('device', row.device, words, format)}</td>
              <td className="number">
                {row.revenue.map(({ amount, currency }) => format.money(amount, currency)).join(', ') || '–'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
