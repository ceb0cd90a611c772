import { ScrollBox } from '../../charts/scroll-box.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { CatalogueRow } from './report.ts';

/** Every event and its properties: how many, since when, and what the values look like. */
export function CatalogueTable({ rows, timeZone }: { rows: CatalogueRow[]; timeZone: string }) {
  const { words, format } = useSpeech();
  const kinds: Record<string, string> = words.kinds;
  return (
    <ScrollBox label={words.nav.catalogue}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.dimensions.event}</th>
            <th scope="col">{words.dimensions.property}</th>
            <th scope="col" className="number">
              {words.metrics.events}
            </th>
            <th scope="col" className="number">
              {words.catalogue.botsAndTests}
            </th>
            <th scope="col">{words.catalogue.firstSeen}</th>
            <th scope="col">{words.people.lastSeen}</th>
            <th scope="col">{words.catalogue.examples}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.kind} ${row.name} ${row.property} ${row.type}`}>
              <th scope="row">{row.kind === 'custom' ? row.name : (kinds[row.kind] ?? row.name)}</th>
              <td>
                {row.property}{' '}
                {row.type !== '' && <span className="tag">{words.catalogue.types[row.type]}</span>}
              </td>
              <td className="number">{format.number(row.events)}</td>
              <td className="number quiet">{format.number(row.bots_and_tests)}</td>
              <td>{format.dateTime(row.first_seen_ms, timeZone)}</td>
              <td>{format.dateTime(row.last_seen_ms, timeZone)}</td>
              <td className="small quiet">{row.examples.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
