import { useQuery } from '@tanstack/react-query';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import { useSpeech } from '../../words/words.tsx';
import { request } from '../api/request.ts';
import { CopyButton } from './copy-button.tsx';
import { Dialog } from './dialog.tsx';
import { toLoadState } from './load-state.ts';
import { ReportBody } from './report-card.tsx';

type Explained = { text: string };

/** The query that a report runs, with its values in it: to read, and to run elsewhere as it stands. */
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
      tools={<CopyButton label={words.app.copy} text={() => query.data?.text ?? ''} />}
    >
      <ReportBody state={toLoadState(query, words.failed.offline)} height={360}>
        {({ text }) => (
          // It takes the focus, so that arrow keys scroll the dialog around it.
          <ScrollBox label={words.funnel.sql} className="stack">
            <code className="code">{text}</code>
          </ScrollBox>
        )}
      </ReportBody>
    </Dialog>
  );
}
