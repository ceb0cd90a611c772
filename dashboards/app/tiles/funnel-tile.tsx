import type { FunnelAnswer } from '../../reports/funnel/answer.ts';
import {
  ConversionTimes,
  FunnelTrend,
  NextList,
  Separators,
  SummaryRow,
} from '../../reports/funnel/detail-views.tsx';
import { FunnelView } from '../../reports/funnel/view.tsx';
import { useFunnelSeries } from '../pages/funnels/series.ts';
import type { Interval } from '../state/period.ts';
import { readText } from './options.ts';
import type { TileView } from './tile.ts';

type Props = {
  view: Extract<TileView, 'funnel' | `funnel_${string}`>;
  answer: FunnelAnswer;
  options: Record<string, unknown>;
  interval: Interval;
};

/** A funnel on a board: its bars, how long it took, its course, where those went who left, what tells converters apart. */
export function FunnelTile({ view, answer, options, interval }: Props) {
  const breakdown = readText(options.breakdown) || undefined;
  const series = useFunnelSeries(answer, breakdown);
  const summary = <SummaryRow summary={answer.summary} compared={answer.comparison?.summary} />;
  if (view === 'funnel_times') return <ConversionTimes answer={answer} />;
  if (view === 'funnel_next') return <NextList rows={answer.next ?? []} />;
  if (view === 'funnel_separators') return <Separators rows={answer.separators ?? []} />;
  if (view === 'funnel_trend') return <FunnelTrend rows={answer.trend ?? []} interval={interval} />;
  return (
    <>
      {summary}
      <FunnelView
        steps={answer.rows.map(({ label, is_optional: isOptional }) => ({ label, isOptional }))}
        rows={answer.rows}
        series={series}
        groups={answer.breakdown && breakdown ? { property: breakdown, all: answer.breakdown } : undefined}
      />
    </>
  );
}
