import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { PathsRow } from '../../../reports/paths/report.ts';
import { PathsFlow } from '../../../reports/paths/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { Choices } from '../../parts/choices.tsx';
import { ReportCard } from '../../parts/report-card.tsx';
import { SuggestField } from '../../parts/suggest-field.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';
import { sharedForTile } from '../../tiles/tile.ts';
import { toCondition } from '../funnels/definition.ts';
import { useSuggestions } from '../funnels/use-suggestions.ts';
import { kindsFor, PATHS_OF, type PathsSearch } from './search.ts';

const route = getRouteApi('/sites/$site/paths');
const USUAL_DEPTH = 5;

/** Which way sessions go, from a start, to an end, or between two. */
export function PathsPage() {
  const { words } = useSpeech();
  const view = useView();
  const { of = 'pages', start = '', end = '', depth = USUAL_DEPTH } = route.useSearch();
  const navigate = useNavigate();
  const suggestions = useSuggestions();
  const set = (change: PathsSearch) =>
    void navigate({ to: '.', search: (before) => ({ ...before, ...change }) });
  /** A start or an end that the paths would not hold makes them of both. */
  const setEnds = (ends: { start: string; end: string }) => {
    const fitting = kindsFor(of, [ends.start, ends.end]);
    set({
      start: ends.start || undefined,
      end: ends.end || undefined,
      ...(fitting === of ? {} : { of: fitting }),
    });
  };
  const question = {
    of,
    depth,
    ...(start ? { from: toCondition(start) } : {}),
    ...(end ? { to: toCondition(end) } : {}),
  };
  const state = useReport<ReportAnswer<PathsRow>>(view.site.site_id, 'paths', {
    ...shared({ ...view, compared: undefined }),
    ...question,
  });
  return (
    <ReportPage title={words.nav.paths}>
      <section className="panel" aria-label={words.paths.controls}>
        <div className="form-row">
          <div className="field">
            <span className="label">{words.paths.start}</span>
            <SuggestField
              label={words.paths.start}
              value={start}
              groups={suggestions}
              placeholder={words.paths.anyStart}
              onCommit={(next) => setEnds({ start: next, end })}
            />
          </div>
          <div className="field">
            <span className="label">{words.paths.end}</span>
            <SuggestField
              label={words.paths.end}
              value={end}
              groups={suggestions}
              placeholder={words.paths.anyEnd}
              onCommit={(next) => setEnds({ start, end: next })}
            />
          </div>
          <label className="field">
            <span className="label">{words.paths.depth}</span>
            <select
              className="input"
              value={depth}
              onChange={(event) => set({ depth: Number(event.target.value) })}
            >
              {[3, 4, 5, 6, 8, 10].map((count) => (
                <option key={count}>{count}</option>
              ))}
            </select>
          </label>
          <Choices
            label={words.paths.of}
            options={PATHS_OF.map((value) => ({ value, label: words.paths.kinds[value] }))}
            picked={of}
            onPick={(next) => set({ of: next })}
          />
        </div>
      </section>
      <ReportCard
        title={words.nav.paths}
        tile={{
          title: [words.nav.paths, start, end].filter(Boolean).join(' · '),
          view: 'paths',
          options: {},
          queries: [
            {
              report: 'paths',
              parameters: { ...sharedForTile({ ...view, compared: undefined }), ...question },
            },
          ],
        }}
        height={500}
        state={state}
        isEmpty={(answer) => answer.rows.length === 0}
      >
        {(answer) => <PathsFlow rows={answer.rows} />}
      </ReportCard>
    </ReportPage>
  );
}
