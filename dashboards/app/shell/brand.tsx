import { Link } from '@tanstack/react-router';
import { useSpeech } from '../../words/words.tsx';

export function Brand() {
  const { words } = useSpeech();
  return (
    <Link to="/" className="brand">
      <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="var(--accent)" />
        <path d="M8 8h16v4H8zm2.5 6.5h11v4h-11zm3 6.500h5v4h-5z" fill="var(--surface)" />
      </svg>
      {words.app.name}
    </Link>
  );
}
