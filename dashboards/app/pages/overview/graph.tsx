import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { OverviewRow } from '../../../reports/overview/report.ts';
import { MetricGraph, StatRow } from '../../../reports/overview/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { AddToBoard } from '../../parts/add-to-board.tsx';
import { Choices } from '../../parts/choices.tsx';
import { Explain } from '../../parts/explain.tsx';
import { ReportBody } from '../../parts/report-card.tsx';
import { intervalsFor } from '../../state/period.ts';
import { useView } from '../../state/use-view.ts';
import { sharedForTile } from '../../tiles/tile.ts';
import { AddNote, useNoteMarks } from './notes.tsx';

const route = getRouteApi('/sites/$site/overview');

/** The stat row with the graph that it switches. */
export function Graph() {
  const { words, format } = useSpeech();
  const view = useView();
  const { metric = 'visitors', interval: asked } = route.useSearch();
  const navigate = useNavigate();
  const { options, preferred } = intervalsFor(view.range);
  const interval = asked && options.includes(asked) ? asked : preferred;
  const state = useReport<ReportAnswer<OverviewRow>>(view.site.site_id, 'overview', {
    ...shared(view),
    interval,
  });
  const marksOf = useNoteMarks(interval);
  return (
    <section className="panel" aria-label={words.overview.graph(words.metrics[metric])}>
      <ReportBody state={state} height={372}>
        {(answer) => (
          <>
            <StatRow
              totals={answer.totals}
              compared={answer.compared_totals}
              rows={answer.rows}
              asOf={answer.meta.asOf}
              picked={metric}
              onPick={(next) => void navigate({ to: '.', search: (before) => ({ ...before, metric: next }) })}
            />
            <div className="panel-head">
              <h2 className="with-explain">
                {words.metrics[metric]}
                <Explain what={words.metrics[metric]}>
                  <p>{words.definitions[metric]}</p>
                </Explain>
              </h2>
              <span className="actions">
                <AddNote />
                <AddToBoard
                  tile={{
                    title: words.overview.graph(words.metrics[metric]),
                    view: 'overview',
                    options: { metric, interval },
                    queries: [{ report: 'overview', parameters: { ...sharedForTile(view), interval } }],
                  }}
                />
                <Choices
                  label={words.interval.label}
                  options={options.map((one) => ({ value: one, label: words.interval[one] }))}
                  picked={interval}
                  onPick={(next) =>
                    void navigate({ to: '.', search: (before) => ({ ...before, interval: next }) })
                  }
                />
              </span>
            </div>
            <MetricGraph
              rows={answer.rows}
              compared={answer.compared_rows}
              metric={metric}
              asOf={answer.meta.asOf}
              interval={interval}
              marks={marksOf(answer.rows)}
            />
            <p className="panel-foot">
              <span>{words.app.updated(format.dateTime(answer.meta.asOf, answer.meta.timeZone))}</span>
              {answer.meta.compared && (
                <span>
                  {words.compare.until(
                    format.range(answer.meta.compared.from, answer.meta.compared.to),
                    `${format.day(answer.meta.compared.until)}, ${format.hour(answer.meta.compared.until)}`,
                  )}
                </span>
              )}
            </p>
          </>
        )}
      </ReportBody>
    </section>
  );
}
