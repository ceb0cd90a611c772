import { type ReactNode, useEffect, useId, useRef } from 'react';
import { useSpeech } from '../../words/words.tsx';
import { Icon } from './icon.tsx';

type Props = { title: ReactNode; tools?: ReactNode; onClose: () => void; children: ReactNode };

/** The browser's modal dialog: it keeps the focus inside, closes by Escape, and gives the focus back. */
export function Dialog({ title, tools, onClose, children }: Props) {
  const { words } = useSpeech();
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={titleId}
      onClose={onClose}
      onPointerDown={(event) => {
        // Only the backdrop is the dialog itself; everything else is inside it.
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      <div className="dialog-head">
        <h2 id={titleId}>{title}</h2>
        {tools}
        <button
          type="button"
          className="icon-button"
          aria-label={words.app.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}
