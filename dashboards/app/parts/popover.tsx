import { type ReactNode, useId, useRef, useState } from 'react';

type Props = {
  /** What the button says. */
  label: ReactNode;
  /** Its accessible name, where the label alone does not tell. */
  name?: string;
  className?: string;
  /** Where a shortcut opens it. */
  boxId?: string;
  align?: 'start' | 'end';
  children: ReactNode | ((close: () => void) => ReactNode);
};

/**
 * A button that opens a box beneath it. The browser's own popover: it closes by Escape, by a click outside, gives the
 * focus back, and lies above everything; only where it stands is ours (anchor positioning is not in all browsers yet).
 * What is inside is made when it opens. Arrow keys walk over its buttons and links.
 */
export function Popover({ label, name, className = 'button', boxId, align = 'start', children }: Props) {
  const ownId = useId();
  const id = boxId ?? ownId;
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = () => box.current?.hidePopover();
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={name}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        popoverTarget={id}
      >
        {label}
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        className="popover"
        role="dialog"
        aria-label={name ?? (typeof label === 'string' ? label : undefined)}
        onBeforeToggle={(event) => setOpen(event.newState === 'open')}
        onToggle={(event) => {
          if (event.newState === 'open' && button.current && box.current) {
            place(button.current, box.current, align);
            focusFirst(box.current);
          }
        }}
        onKeyDown={(event) => {
          if (box.current && walk(box.current, event.key)) event.preventDefault();
        }}
      >
        {isOpen && (typeof children === 'function' ? children(close) : children)}
      </div>
    </>
  );
}

/** Beneath the button, or above it where there is no room; never outside the window. */
function place(button: HTMLElement, box: HTMLElement, align: 'start' | 'end') {
  const anchor = button.getBoundingClientRect();
  const room = document.documentElement;
  const left = align === 'start' ? anchor.left : anchor.right - box.offsetWidth;
  box.style.left = `${Math.max(8, Math.min(left, room.clientWidth - box.offsetWidth - 8))}px`;
  const below = anchor.bottom + 6;
  const fits = below + box.offsetHeight < room.clientHeight - 8;
  box.style.top = `${fits ? below : Math.max(8, anchor.top - box.offsetHeight - 6)}px`;
}

const STOPS = 'button:not(:disabled), a[href], input, select, textarea';

function focusFirst(box: HTMLElement) {
  const current = box.querySelector<HTMLElement>('[aria-current="true"], [autofocus]');
  (current ?? box.querySelector<HTMLElement>(STOPS))?.focus();
}

/** Moves the focus among menu items; leaves the keys to text fields. */
function walk(box: HTMLElement, key: string): boolean {
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return false;
  const items = [...box.querySelectorAll<HTMLElement>('.menu-item')];
  const at = document.activeElement instanceof HTMLElement ? items.indexOf(document.activeElement) : -1;
  if (at === -1) return false;
  items.at((at + (key === 'ArrowDown' ? 1 : -1)) % items.length)?.focus();
  return true;
}
