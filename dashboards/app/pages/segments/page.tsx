import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { OverviewRow } from '../../../reports/overview/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared, unfiltered } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { useSaved } from '../../api/saved.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';
import { EMPTY, fromFilters, type Group, parseDraft, toFilters, writeDraft } from './definition.ts';
import { GroupEditor } from './group-editor.tsx';
import { SegmentBar } from './segment-bar.tsx';
import { useSegmentWords } from './words.ts';

const route = getRouteApi('/sites/$site/segments');

/** Who is meant, built from conditions and behaviour, with how many they are at hand. */
export function SegmentsPage() {
  const { words } = useSpeech();
  const view = useView();
  const { draft, saved: savedId } = route.useSearch();
  const navigate = useNavigate();
  const state = useSaved<{ filters: unknown }>(view.site.site_id, 'segment');
  const saved = state.status === 'ready' ? state.answer.find((one) => one.item_id === savedId) : undefined;
  const group = useMemo(
    () => (draft && parseDraft(draft)) || (saved ? fromFilters(saved.body.filters) : EMPTY),
    [draft, saved],
  );
  // While one edits, the address is rewritten rather than lengthening the way back by every step.
  const change = (next: Group) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, draft: writeDraft(next) }),
      replace: true,
    });
  return (
    <ReportPage title={words.nav.segments}>
      <SegmentBar group={group} saved={saved} />
      <div className="workbench wide-editor">
        <section className="panel editor" aria-label={words.nav.segments}>
          <GroupEditor group={group} depth={1} onChange={change} />
        </section>
        <Size group={group} savedId={saved?.item_id} />
      </div>
    </ReportPage>
  );
}

/** How many they are in the period, and what part of all. */
function Size({ group, savedId }: { group: Group; savedId: string | undefined }) {
  const words = useSegmentWords();
  const { words: common, format } = useSpeech();
  const view = useView();
  const site = view.site.site_id;
  const filters = toFilters(group);
  const asked = { ...shared(unfiltered(view)), interval: 'day' };
  const all = useReport<ReportAnswer<OverviewRow>>(site, 'overview', asked);
  const state = useReport<ReportAnswer<OverviewRow>>(
    site,
    'overview',
    { ...asked, filters },
    { isOn: filters.length > 0 },
  );
  const whole = all.status === 'ready' ? all.answer.totals?.visitors : undefined;
  if (filters.length === 0) {
    return (
      <section className="panel">
        <div className="message">
          <strong>{words.begin}</strong>
          <span>{words.beginHint}</span>
        </div>
      </section>
    );
  }
  return (
    <ReportCard title={words.count} height={170} state={state}>
      {({ totals }) => (
        <>
          <p className="stat-line" aria-live="polite">
            <span className="stat-number" title={format.number(totals?.visitors)}>
              {format.compact(totals?.visitors)}
            </span>
            <span className="quiet">{common.metrics.visitors}</span>
          </p>
          <p className="quiet">
            {words.ofAll(
              format.percent(whole ? (totals?.visitors ?? 0) / whole : null),
              format.number(whole),
            )}
            {' · '}
            {words.sessions(format.number(totals?.sessions))}
          </p>
          {savedId && (
            <p className="panel-foot">
              <Link
                to="/sites/$site/people"
                params={{ site }}
                search={(before) => ({ ...before, draft: undefined, saved: undefined, segment: [savedId] })}
                className="button small"
              >
                {words.people}
              </Link>
            </p>
          )}
          <p className="hint">{words.everywhere}</p>
        </>
      )}
    </ReportCard>
  );
}
