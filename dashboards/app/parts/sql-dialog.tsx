import { useQuery } from '@tanstack/react-query';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { useSpeech } from '../../words/words.tsx';
import { request } from '../api/request.ts';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';
import { toLoadState } from './load-state.ts';
import { ReportBody } from './report-card.tsx';

type Explained = { sql: string; parameters: Record<string, unknown> };

/** The query that a report runs, with its values: to read, and to run elsewhere. */
export function SqlDialog({ path, body, onClose }: { path: string; body: object; onClose: () => void }) {
  const { words } = useSpeech();
  const query = useQuery({
    queryKey: ['explain', path, body],
    queryFn: ({ signal }) => request<Explained>(`${path}/explain`, { body, signal }),
  });
  return (
    <Dialog
      title={words.funnel.sql}
      onClose={onClose}
      tools={<CopyButton label={words.app.copy} text={() => query.data?.sql ?? ''} />}
    >
      <ReportBody state={toLoadState(query, words.failed.offline)} height={360}>
        {({ sql, parameters }) => (
          // It takes the focus, so that arrow keys scroll the dialog around it.
          <ScrollBox label={words.funnel.sql} className="stack">
            <code className="code">{sql.trim()}</code>
            <h3>{words.funnel.sqlValues}</h3>
            <code className="code">{JSON.stringify(parameters, null, 2)}</code>
          </ScrollBox>
        )}
      </ReportBody>
    </Dialog>
  );
}
