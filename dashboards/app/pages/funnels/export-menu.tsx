import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { reportPath } from '../../api/queries.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { downloadCsv } from '../../parts/download.ts';
import { Popover } from '../../parts/popover.tsx';
import { useView } from '../../state/use-view.ts';
import { type Definition, toParameters } from './definition.ts';
import { SqlDialog } from './sql-dialog.tsx';

/** The funnel as a link, a file, a call of the API, and the SQL that answers it. */
export function ExportMenu({ definition }: { definition: Definition }) {
  const { words } = useSpeech();
  const view = useView();
  const [isSqlOpen, setSqlOpen] = useState(false);
  const asked = toParameters(definition);
  if (!asked) return null;
  const path = reportPath(view.site.site_id, 'funnel');
  const body = { ...shared(view), ...asked };
  const call = `curl -X POST '${location.origin}${path}' -H 'authorization: Bearer <API key>' -H 'content-type: application/json' -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`;
  return (
    <>
      <Popover align="end" label={words.funnel.share} className="button">
        {(close) => (
          <>
            <CopyButton className="menu-item" text={() => location.href} label={words.funnel.copyLink} />
            <button
              type="button"
              className="menu-item"
              onClick={() => void downloadCsv(path, body, 'funnel')}
            >
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
      {isSqlOpen && <SqlDialog path={path} body={body} onClose={() => setSqlOpen(false)} />}
    </>
  );
}
