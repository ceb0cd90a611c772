import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { PeopleRow } from './report.ts';

type Props = {
  /** Those that have arrived so far, latest first. */
  rows: PeopleRow[];
  /** How many there are in all. */
  total: number;
  timeZone: string;
  onPick: (personId: string) => void;
  /** The reader has come near the end of the rows. */
  onMore: () => void;
};

const ROW_PX = 37;
/** Rows beyond the window that are ready, so that a quick scroll shows no gap. */
const AHEAD = 15;

/** Who was here, latest first. Only the rows in sight are in the page, however long the list is. */
export function PeopleTable({ rows, total, timeZone, onPick, onMore }: Props) {
  const { words } = useSpeech();
  const box = useRef<HTMLElement>(null);
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    overscan: AHEAD,
  });
  const shown = list.getVirtualItems();
  const first = shown[0];
  const last = shown.at(-1);
  const isNearEnd = last !== undefined && last.index >= rows.length - AHEAD && rows.length < total;
  useEffect(() => {
    if (isNearEnd) onMore();
  }, [isNearEnd, onMore]);
  return (
    <ScrollBox label={words.nav.people} className="table-scroll long-list" boxRef={box}>
      <table className="table" aria-rowcount={total + 1}>
        <PeopleHead />
        <tbody>
          <Gap height={first?.start ?? 0} />
          {shown.map(({ index, key }) => {
            const row = rows[index];
            return row ? (
              <PersonRow key={key} row={row} place={index + 2} timeZone={timeZone} onPick={onPick} />
            ) : null;
          })}
          <Gap height={list.getTotalSize() - (last?.end ?? 0)} />
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** The room of the rows that are not in the page. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr>
      <td className="gap" colSpan={8} style={{ height }} />
    </tr>
  );
}

function PeopleHead() {
  const { words } = useSpeech();
  return (
    <thead>
      <tr aria-rowindex={1}>
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
  );
}

type RowProps = Pick<Props, 'timeZone' | 'onPick'> & { row: PeopleRow; place: number };

function PersonRow({ row, place, timeZone, onPick }: RowProps) {
  const { words, format } = useSpeech();
  return (
    <tr aria-rowindex={place}>
      <th scope="row" className="one-line">
        <button type="button" className="more" onClick={() => onPick(row.person_id)}>
          {row.user_id || words.people.anonymous(row.person_id.slice(-6))}
        </button>
      </th>
      <td className="moment">{format.dateTime(row.last_seen_ms, timeZone)}</td>
      <td className="number">{format.number(row.sessions)}</td>
      <td className="number">{format.number(row.page_views)}</td>
      <td className="one-line">{nameOfValue('source', row.source, words, format)}</td>
      <td className="one-line">{nameOfValue('country', row.country, words, format)}</td>
      <td>{nameOfValue('device', row.device, words, format)}</td>
      <td className="number">
        {row.revenue.map(({ amount, currency }) => format.money(amount, currency)).join(', ') || '–'}
      </td>
    </tr>
  );
}
