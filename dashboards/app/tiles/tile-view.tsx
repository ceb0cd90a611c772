import type { AttributionRow } from '../../reports/attribution/report.ts';
import { AttributionTable } from '../../reports/attribution/view.tsx';
import type { BreakdownRow } from '../../reports/breakdown/report.ts';
import { Ranking } from '../../reports/breakdown/view.tsx';
import { RateCourse } from '../../reports/conversion/course.tsx';
import type { ConversionRow } from '../../reports/conversion/report.ts';
import { RatesByDimension, RateWithInterval } from '../../reports/conversion/view.tsx';
import type { EngagementRow } from '../../reports/engagement/report.ts';
import { EngagementTable } from '../../reports/engagement/view.tsx';
import type { FunnelAnswer } from '../../reports/funnel/answer.ts';
import type { LifecycleRow } from '../../reports/lifecycle/report.ts';
import { Lifecycle } from '../../reports/lifecycle/view.tsx';
import type { PathsRow } from '../../reports/paths/report.ts';
import { PathsFlow } from '../../reports/paths/view.tsx';
import type { RetentionRow } from '../../reports/retention/report.ts';
import { RetentionCurve, RetentionTriangle } from '../../reports/retention/view.tsx';
import type { ReportAnswer } from '../../reports/run.ts';
import type { StickinessRow } from '../../reports/stickiness/report.ts';
import { Stickiness } from '../../reports/stickiness/view.tsx';
import type { WebVitalsRow } from '../../reports/web-vitals/report.ts';
import { VitalsTable } from '../../reports/web-vitals/table-view.tsx';
import { VitalsCards } from '../../reports/web-vitals/view.tsx';
import { useSpeech } from '../../words/words.tsx';
import { ATTRIBUTION_MODELS } from '../pages/conversions/models.ts';
import { ExploreTile } from './explore-tile.tsx';
import { FunnelTile } from './funnel-tile.tsx';
import { MetricTile } from './metric-tile.tsx';
import { readInterval, readText } from './options.ts';
import type { TileView as View } from './tile.ts';

type Props = {
  view: View;
  options: Record<string, unknown>;
  /** In the order of the tile's questions. */
  answers: ReportAnswer<object>[];
  currency: string;
};

/** The answers of a tile, drawn as the report's own page draws them. */
export function TileView({ view, options, answers, currency }: Props) {
  const { words } = useSpeech();
  const answer = answers[0];
  if (!answer) return null;
  const interval = readInterval(options.interval);
  const dimension = readText(options.dimension) || 'source';
  switch (view) {
    case 'overview':
      return <MetricTile answer={as(answer)} metric={readText(options.metric)} interval={interval} />;
    case 'breakdown': {
      const { rows, compared_rows: compared, totals } = as<BreakdownRow>(answer);
      return (
        <Ranking
          dimension={dimension}
          rows={rows}
          compared={compared}
          totals={totals}
          hasGoal={options.hasGoal === true}
          picked={[]}
          onPick={undefined}
        />
      );
    }
    case 'conversion': {
      const { rows, totals } = as<ConversionRow>(answer);
      const row = totals ?? rows[0];
      return row ? <RateWithInterval name={readText(options.goal)} row={row} /> : null;
    }
    case 'conversion_by': {
      const { rows, totals } = as<ConversionRow>(answer);
      return <RatesByDimension dimension={dimension} rows={rows} total={totals} />;
    }
    case 'conversion_course':
      return <RateCourse answer={as<ConversionRow>(answer)} interval={interval} />;
    case 'attribution':
      return (
        <AttributionTable
          dimension={dimension}
          models={ATTRIBUTION_MODELS.map((model, place) => ({
            model,
            rows: answers[place] ? as<AttributionRow>(answers[place]).rows : [],
          }))}
        />
      );
    case 'retention':
      return (
        <RetentionTriangle rows={as<RetentionRow>(answer).rows} interval={interval} asOf={answer.meta.asOf} />
      );
    case 'retention_curve':
      return <RetentionCurve rows={as<RetentionRow>(answer).rows} interval={interval} />;
    case 'stickiness':
      return <Stickiness rows={as<StickinessRow>(answer).rows} />;
    case 'lifecycle':
      return (
        <Lifecycle rows={as<LifecycleRow>(answer).rows} interval={interval === 'hour' ? 'day' : interval} />
      );
    case 'paths':
      return <PathsFlow rows={as<PathsRow>(answer).rows} />;
    case 'engagement':
      return <EngagementTable rows={as<EngagementRow>(answer).rows} />;
    case 'vitals':
      return <VitalsCards rows={as<WebVitalsRow>(answer).rows} />;
    case 'vitals_by':
      return <VitalsTable dimension={dimension} rows={as<WebVitalsRow>(answer).rows} />;
    case 'explore':
      return <ExploreTile answers={answers.map((one) => as(one))} options={options} currency={currency} />;
    case 'funnel':
    case 'funnel_times':
    case 'funnel_trend':
    case 'funnel_next':
    case 'funnel_separators':
      // The funnel's answer is wider than rows: its own type says how.
      return (
        <FunnelTile
          view={view}
          answer={answer as unknown as FunnelAnswer}
          options={options}
          interval={interval}
        />
      );
    default:
      return <p className="message">{words.failed.notFound}</p>;
  }
}

/** The tile's report decides what its rows are: the page that made the tile put both in. */
function as<Row extends object>(answer: ReportAnswer<object>): ReportAnswer<Row> {
  return answer as ReportAnswer<Row>;
}
