import { useQueries } from '@tanstack/react-query';
import type { AttributionRow } from '../../../reports/attribution/report.ts';
import { AttributionTable } from '../../../reports/attribution/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { joined } from '../../api/joined.ts';
import { shared } from '../../api/parameters.ts';
import { type Goal, type ReportAnswer, reportPath } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedForTile } from '../../tiles/tile.ts';
import { ATTRIBUTION_MODELS } from './models.ts';

const SHOWN = 15;

/** Who deserves the credit, under every model at once: where the columns agree, the choice does not matter. */
export function AttributionPanel({ goal }: { goal: Goal }) {
  const { words } = useSpeech();
  const view = useView();
  const asked = shared({ ...view, compared: undefined });
  const queries = useQueries({
    queries: ATTRIBUTION_MODELS.map((model) => {
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
      tile={{
        title: `${goal.name}: ${words.attribution.title}`,
        view: 'attribution',
        options: { dimension: 'source' },
        queries: ATTRIBUTION_MODELS.map((model) => ({
          report: 'attribution' as const,
          parameters: {
            ...sharedForTile({ ...view, compared: undefined }),
            goal: goal.goal_id,
            model,
            limit: SHOWN,
          },
        })),
      }}
      height={320}
      state={joined(queries, words.failed.offline)}
      isEmpty={(answers) => answers.every(({ rows }) => rows.length === 0)}
    >
      {(answers) => (
        <>
          <AttributionTable
            dimension="source"
            models={ATTRIBUTION_MODELS.map((model, index) => ({ model, rows: answers[index]?.rows ?? [] }))}
          />
          <p className="hint">{words.attribution.meaning}</p>
        </>
      )}
    </ReportCard>
  );
}
