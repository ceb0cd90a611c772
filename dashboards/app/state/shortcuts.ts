import type { Preset } from './period.ts';

/** Single letters that choose a period, as Plausible's readers have them in their fingers. */
export const KEY_OF_PRESET: Partial<Record<Preset, string>> = {
  today: 'D',
  yesterday: 'E',
  '7d': 'W',
  '28d': 'F',
  '30d': 'T',
  month: 'M',
  last_month: 'P',
  year: 'Y',
  all: 'A',
};

/** The element that holds the period menu. */
export const PERIOD_BOX = 'period-menu';

/** The first field of a range of one's own, inside it. */
export const CUSTOM_FROM = 'period-from';

export type Shortcut = { preset: Preset } | 'custom' | 'compare' | 'live' | 'earlier' | 'later' | 'clear';

/** What a key press asks for. Undefined while someone is typing, or holds a key the browser needs. */
export function toShortcut(event: Pressed): Shortcut | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return undefined;
  switch (event.key) {
    case 'x':
    case 'X':
      return 'compare';
    case 'r':
    case 'R':
      return 'live';
    case 'c':
    case 'C':
      return 'custom';
    case 'ArrowLeft':
      return 'earlier';
    case 'ArrowRight':
      return 'later';
    case 'Escape':
      return 'clear';
    default: {
      const found = Object.entries(KEY_OF_PRESET).find(([, key]) => key === event.key.toUpperCase());
      return found ? { preset: found[0] as Preset } : undefined; // Object.entries forgets the keys' type.
    }
  }
}

type Pressed = {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  target: EventTarget | null;
};

/** Fields, and whatever is open above the page, keep their keys. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, dialog, [popover], [role="tablist"], section[tabindex]') !== null
  );
}
