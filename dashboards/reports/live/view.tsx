import { BarList } from '../../charts/bar-list.tsx';
import { ChartTable } from '../../charts/chart-table.tsx';
import { Columns } from '../../charts/columns.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { LiveRow } from './report.ts';

/** The last half hour, a column per minute. */
export function LastMinutes({ row }: { row: LiveRow }) {
  const { words, format } = useSpeech();
  const name = (ago: number) => (ago === 0 ? words.live.thisMinute : words.live.minutesAgo(String(ago)));
  return (
    <>
      <Columns
        title={words.live.lastHalfHour}
        height={180}
        format={format.number}
        columns={row.minutes.map((minute) => ({
          label: name(minute.minutes_ago),
          tick: minute.minutes_ago % 5 === 0 ? `−${minute.minutes_ago}` : '',
          value: minute.visitors,
          isUnfinished: minute.minutes_ago === 0,
        }))}
      />
      <ChartTable
        caption={words.live.lastHalfHour}
        head={[words.live.minute, words.metrics.visitors, words.metrics.page_views]}
        rows={row.minutes.map((minute) => [
          name(minute.minutes_ago),
          format.number(minute.visitors),
          format.number(minute.page_views),
        ])}
      />
    </>
  );
}

type Ranked = { value: string; visitors: number }[];

/** What the visitors of now look at, where they come from, where they are. */
export function NowRanking({ dimension, rows }: { dimension: string; rows: Ranked }) {
  const { words, format } = useSpeech();
  const name = nameOfField(dimension, words);
  const most = Math.max(1, ...rows.map((row) => row.visitors));
  if (rows.length === 0) return <p className="message">{words.live.nobody}</p>;
  return (
    <BarList
      caption={name}
      head={[name, words.overview.visitorsNow]}
      rows={rows.map((row) => ({
        key: row.value,
        name: nameOfValue(dimension, row.value, words, format),
        title: nameOfValue(dimension, row.value, words, format),
        share: row.visitors / most,
        cells: [{ text: format.number(row.visitors) }],
      }))}
    />
  );
}
