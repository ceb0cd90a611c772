/** Wraps a function so that its failure never becomes the host page's error. */
export function guard<Args extends unknown[], Result>(action: (...args: Args) => Result) {
  return (...args: Args): Result | undefined => {
    try {
      return action(...args);
    } catch {
      // A lost event is better than a broken page.
    }
  };
}

/**
 * Listens without ever blocking or breaking the page. `isEarly` hears an event before the page's own handlers can
 * stop it; late, on `window`, comes after every other listener (web-vitals reports before we send).
 */
export function listen<Heard extends Event>(
  target: EventTarget,
  types: string,
  heard: (event: Heard) => void,
  isEarly?: boolean,
): void {
  for (const type of types.split(' ')) {
    // The caller names the event types that bring a `Heard`; the DOM's own overloads cannot follow a list.
    target.addEventListener(type, guard(heard) as EventListener, { capture: !!isEarly, passive: true });
  }
}
