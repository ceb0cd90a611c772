/** Names an element by its place: `main>form#buy>button.primary`. Never by what a visitor typed. */
export function elementPath(element: Element): string {
  const steps: string[] = [];
  for (
    let node: Element | null = element;
    node && node !== document.body && steps.length < 5;
    node = node.parentElement
  ) {
    const [name] = node.classList;
    const id = node.getAttribute('id');
    steps.unshift(node.localName + (id ? `#${id}` : name ? `.${name}` : ''));
  }
  return steps.join('>').slice(0, 1_000);
}

const CLICKABLE =
  'a,button,summary,label,[role=button],[role=tab],[role=menuitem],[onclick],input[type=submit],input[type=button]';

/** The innermost thing made to be clicked that an event went through, shadow roots included. */
export function clickable(event: Event): Element | undefined {
  return event
    .composedPath()
    .find((node): node is Element => node instanceof Element && node.matches(CLICKABLE));
}
