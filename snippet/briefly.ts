import { leaving, record } from './pages.ts';

let since: number | false | undefined;

/** Stands in for engagement.ts until that is there: a page left before was looked at since it began, and not scrolled. */
export const engageBriefly = () => {
  leaving.push((isOver) => {
    const now = performance.now();
    if (since) record('engagement', { engagedMs: now - since, scrollPercent: 0 });
    since = isOver && document.hasFocus() && now;
  });
};

/** When the shown page began to be looked at, if it is. */
export const engagedSince = () => since;
