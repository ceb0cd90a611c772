/** The three ways our code gets to run in someone else's page, none of which lets an error out. */

/** The same function, but its failure is a lost event instead of the page's error. */
export const guard =
  <Args extends unknown[], Result>(action: (...args: Args) => Result) =>
  (...args: Args): Result | undefined => {
    try {
      return action(...args);
    } catch {
      // A guest stays silent: `data-debug` tells more.
    }
  };

export const later = (action: () => unknown, ms = 0) => setTimeout(guard(action), ms);

/**
 * Listens on the window, before the page's own handlers can stop an event; but comes last to hear that the page is
 * hidden, so that all who measure (web-vitals) have reported before we send.
 */
export const listen = <Heard extends Event>(types: string, heard: (event: Heard) => unknown) => {
  for (const type of types.split(' ')) {
    // The caller names event types that bring a `Heard`; the DOM's overloads cannot follow a list in a string.
    addEventListener(type, guard(heard) as EventListener, { capture: type < 'v', passive: true });
  }
};
