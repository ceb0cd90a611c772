import type { ReactNode } from 'react';
import { useSpeech } from '../../words/words.tsx';
import { Popover } from './popover.tsx';

/** A small question mark beside a number that tells how it is defined. */
export function Explain({ what, children }: { what: string; children: ReactNode }) {
  const { words } = useSpeech();
  return (
    <Popover label="?" name={words.app.explain(what)} className="explain">
      <div className="explain-text">{children}</div>
    </Popover>
  );
}
