/** What the operator reads when Footfall is up: the things to do next, each ready to use. */

export type Welcome = {
  version: string;
  publicUrl: string;
  /** Where it really listens, behind whatever the public address leads to. */
  listensOn: string;
  signInUrl: string;
  tag: string;
  /** undefined where the demo shop is off. */
  demoUrl: string | undefined;
};

/** What a site owner pastes into the head of every page. */
export function tagFor(publicUrl: string, siteId: string): string {
  return `<script defer src="${publicUrl}/footfall.js" data-site="${siteId}"></script>`;
}

/** `startedInMs`: since the process began. */
export function welcomeText(welcome: Welcome, startedInMs: number): string {
  const { version, publicUrl, listensOn, signInUrl, tag, demoUrl } = welcome;
  const behind = listensOn === publicUrl ? '' : ` (listens on ${listensOn})`;
  const lines = [
    `Footfall ${version} is up at ${publicUrl} after ${(startedInMs / 1_000).toFixed(1)} s${behind}`,
    '',
    '  Dashboard   signs you in once, within a day:',
    `              ${signInUrl}`,
    '  Your site   paste this into the <head> of every page:',
    `              ${tag}`,
  ];
  if (demoUrl)
    lines.push('  Demo shop   click through it, and watch the dashboard:', `              ${demoUrl}`);
  return `${lines.join('\n')}\n`;
}
