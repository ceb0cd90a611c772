import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { AuditRow } from '../../../api/audit.ts';
import { ScrollBox } from '../../../charts/scroll-box.tsx';
import { meQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { useSettingsSpeech } from './words.ts';

const route = getRouteApi('/sites/$site/settings');
const PER_PAGE = 50;

/** Who changed what, the newest first. */
export function AuditLog() {
  const { words } = useSettingsSpeech();
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  if (me.role !== 'owner' && me.role !== 'admin') return <p className="panel">{words.audit.only}</p>;
  return <Log />;
}

function Log() {
  const { words } = useSettingsSpeech();
  const { site } = useView();
  const { of } = route.useSearch();
  const navigate = useNavigate();
  const log = useInfiniteQuery({
    queryKey: ['audit', of === 'site' ? site.site_id : ''],
    queryFn: ({ pageParam, signal }) => request<{ rows: AuditRow[] }>(pathOf(pageParam), { signal }),
    select: ({ pages }) => pages.flatMap(({ rows }) => rows),
    initialPageParam: 0,
    getNextPageParam: ({ rows }) => (rows.length === PER_PAGE ? rows.at(-1)?.time_ms : undefined),
  });
  function pathOf(before: number): string {
    const asked = new URLSearchParams({ limit: String(PER_PAGE) });
    if (before > 0) asked.set('before', String(before));
    if (of === 'site') asked.set('site', site.site_id);
    return `/api/audit?${asked}`;
  }
  return (
    <ReportCard
      title={words.audit.title}
      height={400}
      state={toLoadState(log, words.failed.offline)}
      isEmpty={(rows) => rows.length === 0}
      empty={<p className="message">{words.audit.none}</p>}
      tools={
        <label className="check">
          <input
            type="checkbox"
            checked={of === 'site'}
            onChange={(event) =>
              void navigate({
                to: '.',
                search: (before) => ({ ...before, of: event.target.checked ? 'site' : undefined }),
              })
            }
          />
          {words.audit.onlySite}
        </label>
      }
    >
      {(rows) => (
        <>
          <Entries rows={rows} />
          {log.hasNextPage && (
            <p className="panel-foot">
              <button
                type="button"
                className="button small"
                disabled={log.isFetchingNextPage}
                onClick={() => void log.fetchNextPage()}
              >
                {words.audit.more}
              </button>
            </p>
          )}
        </>
      )}
    </ReportCard>
  );
}

function Entries({ rows }: { rows: AuditRow[] }) {
  const { words, format } = useSettingsSpeech();
  const { site } = useView();
  return (
    <ScrollBox label={words.audit.title}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{words.audit.when}</th>
            <th scope="col">{words.audit.who}</th>
            <th scope="col">{words.audit.what}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.entry_id}>
              <td className="when">{format.dateTime(row.time_ms, site.time_zone)}</td>
              <td>{row.is_by_key ? words.audit.byKey(row.email) : row.email || words.audit.nobody}</td>
              <td className="prose">
                {words.audit.actions[row.action]}
                {row.subject !== row.email && (
                  <>
                    : <strong>{row.subject}</strong>
                  </>
                )}
                {row.site_id && <span className="tag">{row.site_id}</span>}
                <EntryDetails details={row.details} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

function EntryDetails({ details }: { details: Record<string, unknown> }) {
  const { words } = useSettingsSpeech();
  if (Object.keys(details).length === 0) return null;
  return (
    <details className="small">
      <summary className="quiet">{words.audit.details}</summary>
      <code className="code">{JSON.stringify(details, null, 2)}</code>
    </details>
  );
}
