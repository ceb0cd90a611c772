import { Change } from '../../charts/change.tsx';
import { IS_BETTER_LOWER, IS_RATE, METRICS, writeMetric } from '../../reports/overview/metrics.ts';
import type { OverviewRow } from '../../reports/overview/report.ts';
import { MetricGraph } from '../../reports/overview/view.tsx';
import type { ReportAnswer } from '../../reports/run.ts';
import { useSpeech } from '../../words/words.tsx';
import type { Interval } from '../state/period.ts';

type Props = { answer: ReportAnswer<OverviewRow>; metric: string; interval: Interval };

/** One number of the overview, large, with its course. */
export function MetricTile({ answer, metric: asked, interval }: Props) {
  const { words, format } = useSpeech();
  const metric = METRICS.find((one) => one === asked) ?? 'visitors';
  const now = answer.totals?.[metric];
  const before = answer.compared_totals?.[metric];
  return (
    <>
      <p className="stat-line">
        <span className="stat-number" title={writeMetric(metric, now, format, true)}>
          {writeMetric(metric, now, format)}
        </span>
        <span className="quiet small">{words.metrics[metric]}</span>
        <Change
          now={now}
          before={before}
          said={writeMetric(metric, before, format, true)}
          isRate={IS_RATE[metric] ?? false}
          isBetterLower={IS_BETTER_LOWER[metric] ?? false}
        />
      </p>
      <MetricGraph
        rows={answer.rows}
        compared={answer.compared_rows}
        metric={metric}
        asOf={answer.meta.asOf}
        marks={[]}
        interval={interval}
      />
    </>
  );
}
