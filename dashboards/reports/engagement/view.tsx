import { ScrollBox } from '../../charts/scroll-box.tsx';
import { Shares } from '../../charts/shares.tsx';
import { useSpeech } from '../../words/words.tsx';
import type { EngagementRow } from './report.ts';

/** How long and how far down pages are read: medians, and the distribution behind them. */
export function EngagementTable({ rows }: { rows: EngagementRow[] }) {
  const { words, format } = useSpeech();
  const head = [
    words.metrics.page_views,
    words.engagement.engaged,
    words.engagement.dwell,
    words.metrics.scroll_percent,
    words.engagement.readRate,
  ];
  return (
    <ScrollBox label={words.nav.engagement}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.dimensions.page}</th>
            {head.map((name) => (
              <th key={name} scope="col" className="number">
                {name}
              </th>
            ))}
            <th scope="col">{words.engagement.distribution}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.page}>
              <th scope="row">{row.page}</th>
              <td className="number">{format.number(row.page_views)}</td>
              <td className="number">{format.duration(row.engaged_ms_median)}</td>
              <td className="number">{format.duration(row.dwell_ms_median)}</td>
              <td className="number">
                {format.percent(row.scroll_percent_median === null ? null : row.scroll_percent_median / 100)}
              </td>
              <td className="number">{format.percent(row.read_rate)}</td>
              <td className="band-cell">
                <Shares
                  label={words.engagement.distribution}
                  parts={row.engaged_bins.map((bin, index) => ({
                    key: String(bin.from),
                    size: bin.page_views,
                    tone: Math.min(4, Math.floor((index / row.engaged_bins.length) * 5)),
                    note: words.engagement.bin(format.duration(bin.from), format.number(bin.page_views)),
                  }))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
