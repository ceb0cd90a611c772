/** The two ways our code gets to run in someone else's page, neither of which lets an error out. */

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

/**
 * Listens on the window, before the page's own handlers can stop an event; but comes last to hear that the page is
 * hidden, so that all who measure (web-vitals) have reported before we send.
 */
export const listen = <Heard extends Event>(types: string, heard: (event: Heard) => unknown) => {
  types.split(' ').map((type) =>
    // None of these types waits for its listeners, as touches and the wheel do: `passive` would change nothing.
    // The caller names event types that bring a `Heard`; the DOM's overloads cannot follow a list in a string.
    addEventListener(type, guard(heard) as EventListener, type < 'v'),
  );
};
