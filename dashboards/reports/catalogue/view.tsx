import { ScrollBox } from '../../charts/scroll-box.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { CatalogueRow } from './report.ts';

type Props = {
  rows: CatalogueRow[];
  timeZone: string;
  said: {
    edit: (name: string) => string;
    hidden: string;
    sentAs: (names: string) => string;
    what: string;
  };
  onEdit: (row: CatalogueRow) => void;
};

/** Every event with its properties beneath: how many, since when, what it means, what the values look like. */
export function CatalogueTable({ rows, timeZone, said, onEdit }: Props) {
  const { words, format } = useSpeech();
  return (
    <ScrollBox label={words.nav.catalogue}>
      <table className="table">
        <caption className="unseen">{words.nav.catalogue}</caption>
        <thead>
          <tr>
            <th scope="col">{words.dimensions.event}</th>
            <th scope="col" className="number">
              {words.metrics.events}
            </th>
            <th scope="col" className="number">
              {words.catalogue.botsAndTests}
            </th>
            <th scope="col">{words.catalogue.firstSeen}</th>
            <th scope="col">{words.people.lastSeen}</th>
            <th scope="col">{said.what}</th>
          </tr>
        </thead>
        <tbody>
          {ordered(rows).map((row) => (
            <tr
              key={`${row.kind} ${row.name} ${row.property} ${row.type}`}
              className={row.is_hidden ? 'hidden-row' : undefined}
            >
              <th scope="row" className={row.property === '' ? undefined : 'nested'}>
                <NameCell row={row} said={said} onEdit={onEdit} />
              </th>
              <td className="number" title={format.number(row.events)}>
                {format.compact(row.events)}
              </td>
              <td className="number quiet">{format.number(row.bots_and_tests)}</td>
              <td className="moment">{format.dateTime(row.first_seen_ms, timeZone)}</td>
              <td className="moment">{format.dateTime(row.last_seen_ms, timeZone)}</td>
              <td className="small prose">
                {row.description && <span>{row.description} </span>}
                {row.examples.length > 0 && (
                  <span className="quiet">
                    {words.catalogue.examples}: {row.examples.join(', ')}
                  </span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** Kinds of our own bear fixed names; what the site sends can be called otherwise. */
function NameCell({ row, said, onEdit }: Pick<Props, 'said' | 'onEdit'> & { row: CatalogueRow }) {
  const { words } = useSpeech();
  const kinds: Record<string, string> = words.kinds;
  const isOwn = row.kind === 'custom' || (row.property !== '' && row.kind !== 'web_vitals');
  const name = row.property || (row.kind === 'custom' ? row.name : (kinds[row.kind] ?? row.name));
  return (
    <>
      {isOwn ? (
        <button type="button" className="more" aria-label={said.edit(name)} onClick={() => onEdit(row)}>
          {name}
        </button>
      ) : (
        name
      )}{' '}
      {row.type !== '' && <span className="tag">{words.catalogue.types[row.type]}</span>}
      {row.is_hidden && <span className="tag warn">{said.hidden}</span>}
      {row.sent_as.length > 0 && <span className="quiet small"> {said.sentAs(row.sent_as.join(', '))}</span>}
    </>
  );
}

/** Each event, and right beneath it its properties; the most frequent first. */
function ordered(rows: CatalogueRow[]): CatalogueRow[] {
  const keyOf = ({ kind, name }: CatalogueRow) => `${kind} ${name}`;
  const events = rows.filter(({ property }) => property === '');
  const listed = new Set(events.map(keyOf));
  const properties = rows.filter(({ property }) => property !== '');
  return [
    ...events.flatMap((event) => [event, ...properties.filter((one) => keyOf(one) === keyOf(event))]),
    // A search may find a property and not its event.
    ...properties.filter((one) => !listed.has(keyOf(one))),
  ];
}
