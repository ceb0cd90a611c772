import { useQueries } from '@tanstack/react-query';
import type { AttributionRow } from '../../../reports/attribution/report.ts';
import { AttributionTable } from '../../../reports/attribution/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type Goal, type ReportAnswer, reportPath } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { LoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';

const MODELS = ['first', 'last', 'last_non_direct', 'linear', 'time_decay', 'position'] as const;
const SHOWN = 15;

/** Who deserves the credit, under every model at once: where the columns agree, the choice does not matter. */
export function AttributionPanel({ goal }: { goal: Goal }) {
  const { words } = useSpeech();
  const view = useView();
  const asked = shared({ ...view, compared: undefined });
  const queries = useQueries({
    queries: MODELS.map((model) => {
      const body = { ...asked, goal: goal.goal_id, model, limit: SHOWN };
      return {
        queryKey: ['report', view.site.site_id, 'attribution', body],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          request<ReportAnswer<AttributionRow>>(reportPath(view.site.site_id, 'attribution'), {
            body,
            signal,
          }),
      };
    }),
  });
  return (
    <ReportCard
      title={words.attribution.title}
      height={320}
      state={joined(queries, words.failed.offline)}
      isEmpty={(answers) => answers.every(({ rows }) => rows.length === 0)}
    >
      {(answers) => (
        <>
          <AttributionTable
            dimension="source"
            models={MODELS.map((model, index) => ({ model, rows: answers[index]?.rows ?? [] }))}
          />
          <p className="hint">{words.attribution.meaning}</p>
        </>
      )}
    </ReportCard>
  );
}

type Query = { data: ReportAnswer<AttributionRow> | undefined; error: Error | null; refetch: () => unknown };

/** Several questions as one: ready once all are. */
function joined(queries: Query[], offline: string): LoadState<ReportAnswer<AttributionRow>[]> {
  const failed = queries.find((query) => query.error && !query.data);
  if (failed?.error) {
    const retry = () => {
      for (const query of queries) if (query.error) query.refetch();
    };
    return { status: 'failed', message: failed.error.message || offline, retry };
  }
  const answers = queries.flatMap((query) => query.data ?? []);
  return answers.length === queries.length
    ? { status: 'ready', answer: answers }
    : { status: 'loading', old: undefined };
}
