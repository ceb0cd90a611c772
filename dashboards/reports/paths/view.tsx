import { ChartTable } from '../../charts/chart-table.tsx';
import { FlowChart } from '../../charts/flow-chart.tsx';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { useSpeech } from '../../words/words.tsx';
import { toFlow } from './flow.ts';
import type { PathsRow } from './report.ts';

const MOST_PER_COLUMN = 7;

/** The ways that sessions take, as streams, with every edge in the table behind. */
export function PathsFlow({ rows }: { rows: PathsRow[] }) {
  const { words, format } = useSpeech();
  const flow = toFlow(rows, MOST_PER_COLUMN, words.paths.others);
  const name = (place: string | null) => (place === null ? words.paths.left : place);
  return (
    <>
      <ScrollBox label={words.nav.paths}>
        <FlowChart
          title={words.nav.paths}
          columns={flow.positions}
          nodes={flow.nodes.map((node) => ({
            key: node.key,
            column: node.position,
            label: node.place,
            size: node.sessions,
            ended: node.ended,
            note: words.paths.node(node.place, format.number(node.sessions), format.number(node.ended)),
          }))}
          edges={flow.edges.map((edge) => ({
            key: edge.key,
            from: edge.from.key,
            to: edge.to.key,
            size: edge.sessions,
            note: words.paths.edge(edge.from.place, edge.to.place, format.number(edge.sessions)),
          }))}
        />
      </ScrollBox>
      <p className="key">
        <span>
          <span className="swatch series-0" />
          {words.paths.wentOn}
        </span>
        <span>
          <span className="swatch series-5" />
          {words.paths.left}
        </span>
      </p>
      <ChartTable
        caption={words.nav.paths}
        head={[
          words.paths.position,
          words.paths.place,
          words.paths.next,
          words.metrics.sessions,
          words.metrics.share,
        ]}
        rows={rows.map((row) => [
          String(row.position + 1),
          row.place,
          name(row.next),
          format.number(row.sessions),
          format.percent(row.share_of_place),
        ])}
      />
    </>
  );
}
