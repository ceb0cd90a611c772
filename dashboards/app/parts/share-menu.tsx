import { lazy, Suspense, useState } from 'react';
import { useSpeech } from '../../words/words.tsx';
import { reportPath } from '../api/queries.ts';
import { useView } from '../state/use-view.ts';
import { CopyButton } from './copy-button.tsx';
import { downloadCsv } from './download.ts';
import { Popover } from './popover.tsx';

const SqlDialog = lazy(() => import('./sql-dialog.tsx').then((file) => ({ default: file.SqlDialog })));

/** A report as a link, a file, a call of the API, and the SQL that answers it. `body` is what it is asked with. */
export function ShareMenu({ report, body }: { report: string; body: object }) {
  const { words } = useSpeech();
  const view = useView();
  const [isSqlOpen, setSqlOpen] = useState(false);
  const path = reportPath(view.site.site_id, report);
  const call = `curl -X POST '${location.origin}${path}' -H 'authorization: Bearer <API key>' -H 'content-type: application/json' -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
  return (
    <>
      <Popover align="end" label={words.funnel.share} className="button">
        {(close) => (
          <>
            <CopyButton className="menu-item" text={() => location.href} label={words.funnel.copyLink} />
            <button type="button" className="menu-item" onClick={() => void downloadCsv(path, body, report)}>
              {words.app.exportCsv}
            </button>
            <CopyButton className="menu-item" label={words.funnel.copyCall} text={() => call} />
            <button
              type="button"
              className="menu-item"
              onClick={() => {
                close();
                setSqlOpen(true);
              }}
            >
              {words.funnel.sql}
            </button>
          </>
        )}
      </Popover>
      {isSqlOpen && (
        <Suspense>
          <SqlDialog path={path} body={body} onClose={() => setSqlOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
