/** Every click on something made to be clicked, with its place and its label, masked. Off until asked for. */
import { clickable, elementPath } from './element-path.ts';
import type { Start } from './lazy.ts';

export const start: Start = (record) => {
  addEventListener(
    'click',
    (event) => {
      const element = clickable(event);
      // What is tagged has a name of its own.
      if (!element || element.closest('[data-footfall-event]')) return;
      const text = labelOf(element);
      record('click', { target: elementPath(element) }, text ? { text } : {});
    },
    { capture: true, passive: true },
  );
};

/** What the element says on the page: no input's value, nothing under `data-footfall-mask`, no e-mails or numbers. */
function labelOf(element: Element): string {
  if (element.closest('[data-footfall-mask],[contenteditable]')) return '';
  const hidden = 'input,textarea,select,[data-footfall-mask],[contenteditable],script,style';
  const copy = element.cloneNode(true);
  if (!(copy instanceof Element) || copy.matches(hidden)) return element.getAttribute('aria-label') || '';
  for (const node of copy.querySelectorAll(hidden)) node.remove();
  return (element.getAttribute('aria-label') || copy.textContent || '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\S+@\S+|(\d[ .-]?){4,}/g, '*')
    .slice(0, 100);
}
