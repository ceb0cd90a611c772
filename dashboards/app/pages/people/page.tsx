import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { PeopleRow } from '../../../reports/people/report.ts';
import { PeopleTable } from '../../../reports/people/view.tsx';
import type { TimelineRow } from '../../../reports/timeline/report.ts';
import { Timeline } from '../../../reports/timeline/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, reportPath, useReport } from '../../api/queries.ts';
import { ApiError, request } from '../../api/request.ts';
import type { LoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';

const route = getRouteApi('/sites/$site/people');
const PER_PAGE = 200;
const MOST_EVENTS = 500;

/** Who was here, how to find one of them, and all that one of them did. */
export function PeoplePage() {
  const { words } = useSpeech();
  const { person } = route.useSearch();
  return (
    <ReportPage title={words.nav.people}>
      {person ? <OnePerson key={person} person={person} /> : <PeopleList />}
    </ReportPage>
  );
}

function PeopleList() {
  const { words, format } = useSpeech();
  const view = useView();
  const { find = '' } = route.useSearch();
  const navigate = useNavigate();
  const { state, onMore } = usePeople(find);
  return (
    <ReportCard
      title={words.nav.people}
      tools={
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const typed = new FormData(event.currentTarget).get('find');
            void navigate({
              to: '.',
              search: (before) => ({
                ...before,
                find: typeof typed === 'string' && typed ? typed : undefined,
              }),
            });
          }}
        >
          <input
            key={find}
            className="input"
            type="search"
            name="find"
            defaultValue={find}
            aria-label={words.people.search}
            placeholder={words.people.search}
          />
        </form>
      }
      height={560}
      state={state}
      isEmpty={(rows) => rows.length === 0}
    >
      {(rows) => (
        <>
          <PeopleTable
            rows={rows}
            total={totalOf(rows)}
            timeZone={view.site.time_zone}
            onPick={(person) => void navigate({ to: '.', search: (before) => ({ ...before, person }) })}
            onMore={onMore}
          />
          <p className="panel-foot">
            <span>{`${words.nav.people}: ${format.number(totalOf(rows))}`}</span>
            <span>{words.definitions.perDay}</span>
          </p>
        </>
      )}
    </ReportCard>
  );
}

/** The list page by page, as far as the reader has come. */
function usePeople(find: string): { state: LoadState<PeopleRow[]>; onMore: () => void } {
  const { words } = useSpeech();
  const view = useView();
  const site = view.site.site_id;
  const { period, filters } = shared(view);
  const asked = { period, filters, limit: PER_PAGE, ...(find ? { search: find } : {}) };
  const { data, isPlaceholderData, error, isFetching, refetch, fetchNextPage } = useInfiniteQuery({
    queryKey: ['report', site, 'people', 'pages', asked],
    queryFn: ({ pageParam: offset, signal }) =>
      request<ReportAnswer<PeopleRow>>(reportPath(site, 'people'), { body: { ...asked, offset }, signal }),
    initialPageParam: 0,
    getNextPageParam: (_, pages) => {
      const got = pages.reduce((sum, page) => sum + page.rows.length, 0);
      return got < (pages[0]?.rows[0]?.total_rows ?? 0) ? got : undefined;
    },
    placeholderData: keepPreviousData,
  });
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows), [data]);
  const onMore = useCallback(() => void fetchNextPage({ cancelRefetch: false }), [fetchNextPage]);
  if (isPlaceholderData) return { state: { status: 'loading', old: rows }, onMore };
  if (rows) return { state: { status: 'ready', answer: rows }, onMore };
  if (error && !isFetching) {
    const message = (error instanceof ApiError && error.message) || words.failed.offline;
    return { state: { status: 'failed', message, retry: () => void refetch() }, onMore };
  }
  return { state: { status: 'loading', old: undefined }, onMore };
}

function totalOf(rows: PeopleRow[]): number {
  return rows[0]?.total_rows ?? 0;
}

function OnePerson({ person }: { person: string }) {
  const { words } = useSpeech();
  const view = useView();
  const navigate = useNavigate();
  const state = useReport<ReportAnswer<TimelineRow>>(view.site.site_id, 'timeline', {
    period: view.range,
    person,
    limit: MOST_EVENTS,
  });
  const known =
    state.status === 'ready' ? state.answer.rows.find((row) => row.user_id !== '')?.user_id : undefined;
  return (
    <ReportCard
      title={known ?? words.people.anonymous(person.slice(-6))}
      tools={
        <button
          type="button"
          className="button small"
          onClick={() => void navigate({ to: '.', search: (before) => ({ ...before, person: undefined }) })}
        >
          {words.people.all}
        </button>
      }
      height={480}
      state={state}
      isEmpty={(answer) => answer.rows.length === 0}
    >
      {(answer) => <Timeline rows={answer.rows} timeZone={view.site.time_zone} />}
    </ReportCard>
  );
}
