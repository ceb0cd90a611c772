/** What is measured side by side: the tag, its peers out of npm, and two yardsticks below which no script can get. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { buildSnippet } from '../../../snippet/build.mjs';

/** How each peer is started by one who follows its documentation. */
const PEERS = {
  '@plausible-analytics/tracker': `import { init } from '@plausible-analytics/tracker'; init({ domain: 'shop', endpoint: '/api', outboundLinks: true, fileDownloads: true, formSubmissions: true, captureOnLocalhost: true });`,
  '@openpanel/web': `import { OpenPanel } from '@openpanel/web'; new OpenPanel({ clientId: 'shop', apiUrl: location.origin, trackScreenViews: true, trackOutgoingLinks: true, trackAttributes: true });`,
  swetrix: `import * as swetrix from 'swetrix'; swetrix.init('shop', { apiURL: location.origin + '/log', devMode: true }); swetrix.trackViews();`,
  'web-vitals': `import { onCLS, onFCP, onINP, onLCP, onTTFB } from 'web-vitals'; for (const on of [onCLS, onFCP, onINP, onLCP, onTTFB]) on(() => {});`,
};

/**
 * `nothing`: what the browser asks for any script. `bare`: the least that a tag does, without any reckoning: reads its
 * site, later the storage, sends once, hears clicks and scrolls.
 */
const YARDSTICKS = {
  nothing: '0',
  bare: `const { site } = document.currentScript.dataset;
  setTimeout(() => {
    localStorage.any;
    addEventListener('click', () => {}, true);
    addEventListener('scroll', () => {}, true);
    fetch('/events', { method: 'POST', body: site, keepalive: true });
  });`,
};

/**
 * Source texts by name, and where a script's lazy files lie. `BUILDS` names directories with other builds of the tag
 * (`node snippet/build.mjs <directory>` of an earlier commit, say), to be measured beside this one by their names.
 */
export async function gatherScripts(directory) {
  const directories = { footfall: join(directory, 'built') };
  await buildSnippet(directories.footfall);
  for (const path of process.env.BUILDS?.split(' ') ?? []) directories[basename(path)] = path;
  const tags = Object.entries(directories).map(([name, built]) => [
    name,
    readFileSync(join(built, 'footfall.js'), 'utf8'),
  ]);
  return {
    scripts: { ...YARDSTICKS, ...Object.fromEntries(tags), ...(await buildPeers(directory)) },
    directories,
  };
}

async function buildPeers(directory) {
  const names = Object.keys(PEERS);
  const options = ['--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', ['install', '--prefix', directory, ...options, ...names], { stdio: 'pipe' });
  const bundled = names.map(async (name) => {
    const { outputFiles } = await build({
      stdin: { contents: PEERS[name], resolveDir: directory },
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      target: 'es2021',
      legalComments: 'none',
    });
    return [name, outputFiles[0].text];
  });
  return Object.fromEntries(await Promise.all(bundled));
}
