import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { PeopleRow } from '../../../reports/people/report.ts';
import { PeopleTable } from '../../../reports/people/view.tsx';
import type { TimelineRow } from '../../../reports/timeline/report.ts';
import { Timeline } from '../../../reports/timeline/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { PageTurner } from '../../parts/page-turner.tsx';
import { ReportCard } from '../../parts/report-card.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';

const route = getRouteApi('/sites/$site/people');
const PER_PAGE = 50;
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
  const { words } = useSpeech();
  const view = useView();
  const { find = '' } = route.useSearch();
  const navigate = useNavigate();
  const [offset, setOffset] = useState(0);
  const { period, filters } = shared(view);
  const state = useReport<ReportAnswer<PeopleRow>>(view.site.site_id, 'people', {
    period,
    filters,
    limit: PER_PAGE,
    offset,
    ...(find ? { search: find } : {}),
  });
  return (
    <ReportCard
      title={words.nav.people}
      tools={
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const typed = new FormData(event.currentTarget).get('find');
            setOffset(0);
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
      isEmpty={(answer) => answer.rows.length === 0}
    >
      {(answer) => (
        <>
          <PeopleTable
            rows={answer.rows}
            timeZone={view.site.time_zone}
            onPick={(person) => void navigate({ to: '.', search: (before) => ({ ...before, person }) })}
          />
          <PageTurner
            count={answer.rows[0]?.total_rows ?? 0}
            shown={answer.rows.length}
            offset={offset}
            perPage={PER_PAGE}
            onTurn={setOffset}
          />
          <p className="hint">{words.definitions.perDay}</p>
        </>
      )}
    </ReportCard>
  );
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
