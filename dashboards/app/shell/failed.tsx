import { Link } from '@tanstack/react-router';
import { useSpeech } from '../../words/words.tsx';
import { ApiError } from '../api/request.ts';

/** A page that could not be shown at all. */
export function Failed({ error, retry }: { error: unknown; retry: () => void }) {
  const { words } = useSpeech();
  if (error instanceof ApiError && error.status === 401) return <ToSignIn />;
  const reason = error instanceof Error && error.message ? error.message : words.failed.offline;
  return (
    <main className="alone">
      <div className="message" role="alert">
        <h1>{words.failed.page}</h1>
        <p>{reason}</p>
        <button type="button" className="button" onClick={retry}>
          {words.app.retry}
        </button>
      </div>
    </main>
  );
}

export function NotFound() {
  const { words } = useSpeech();
  return (
    <main className="alone">
      <div className="message">
        <h1>{words.failed.notFound}</h1>
        <Link to="/">{words.failed.toOverview}</Link>
      </div>
    </main>
  );
}

/** The session is over: the sign-in page is the server's own, without script. */
export function ToSignIn() {
  location.assign('/sign-in');
  return null;
}
