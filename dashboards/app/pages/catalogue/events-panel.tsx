import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { CatalogueRow } from '../../../reports/catalogue/report.ts';
import { CatalogueTable } from '../../../reports/catalogue/view.tsx';
import { useSpeech } from '../../../words/words.tsx';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { NamingDialog } from './naming-dialog.tsx';
import { useCatalogueWords } from './words.ts';

const route = getRouteApi('/sites/$site/catalogue');

/** The events with their properties, searched; each can be renamed, described, merged and hidden. */
export function EventsPanel() {
  const { words } = useSpeech();
  const own = useCatalogueWords();
  const view = useView();
  const { find = '', hidden } = route.useSearch();
  const navigate = useNavigate();
  const [edited, setEdited] = useState<CatalogueRow>();
  const state = useReport<ReportAnswer<CatalogueRow>>(view.site.site_id, 'catalogue', {
    period: view.range,
    withHidden: hidden === 'yes',
  });
  const kinds: Record<string, string> = words.kinds;
  const fits = (row: CatalogueRow) =>
    [row.name, kinds[row.kind], row.property, row.description, ...row.sent_as].some((text) =>
      text?.toLowerCase().includes(find.toLowerCase()),
    );
  return (
    <ReportCard
      title={own.tabs.events}
      tools={
        <span className="panel-tools">
          <label className="check">
            <input
              type="checkbox"
              checked={hidden === 'yes'}
              onChange={(event) =>
                void navigate({
                  to: '.',
                  search: (before) => ({ ...before, hidden: event.target.checked ? 'yes' : undefined }),
                })
              }
            />
            {own.showHidden}
          </label>
          <input
            className="input narrow"
            type="search"
            aria-label={words.app.search}
            placeholder={words.app.search}
            value={find}
            onChange={(event) =>
              void navigate({
                to: '.',
                search: (before) => ({ ...before, find: event.target.value || undefined }),
                replace: true,
              })
            }
          />
        </span>
      }
      height={480}
      state={state}
      isEmpty={(answer) => answer.rows.length === 0}
    >
      {(answer) => {
        const rows = answer.rows.filter(fits);
        return (
          <>
            {rows.length === 0 ? (
              <p className="message">{own.noMatch}</p>
            ) : (
              <CatalogueTable
                rows={rows}
                timeZone={view.site.time_zone}
                said={{ edit: own.edit, hidden: own.hidden, sentAs: own.sentAs, what: own.what }}
                onEdit={setEdited}
              />
            )}
            {edited && <NamingDialog row={edited} rows={answer.rows} onClose={() => setEdited(undefined)} />}
          </>
        );
      }}
    </ReportCard>
  );
}
