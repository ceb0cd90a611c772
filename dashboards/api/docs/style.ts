/** How `/api/docs` looks: a list beside the text where there is room, above it on a phone; dark as the reader's system is. */
export const DOCS_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1c2024, #e8eaed); --quiet: light-dark(#59636e, #a3adb8);
  --line: light-dark(#d9dee3, #3a4149); --paper: light-dark(#fff, #16191d); --raised: light-dark(#f4f6f8, #20252b); --accent: light-dark(#0b5cad, #7db8f5); }
* { box-sizing: border-box; }
body { margin: 0; color: var(--ink); background: var(--paper); font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--accent); }
main { max-width: 52rem; padding: 1rem; }
nav { padding: 1rem; border-bottom: 1px solid var(--line); font-size: 0.875rem; }
nav ul { margin: 0.5rem 0 0; padding: 0; list-style: none; }
nav li { padding: 0.2rem 0; }
nav small { display: block; color: var(--quiet); overflow-wrap: anywhere; }
summary { cursor: pointer; min-height: 1.5rem; color: var(--quiet); }
h1 { font-size: 1.75rem; margin: 0 0 1rem; }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1rem; scroll-margin-top: 1rem; }
h2 { font-size: 1.25rem; margin: 0; }
h3 { font-size: 1rem; margin: 1.25rem 0 0.25rem; }
code, pre { font: 0.875em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { padding: 0.75rem; overflow-x: auto; background: var(--raised); border-radius: 6px; }
.path { background: var(--raised); padding: 0.2rem 0.4rem; border-radius: 4px; }
dl { margin: 0.5rem 0; padding-left: 0.75rem; border-left: 2px solid var(--line); }
dl + dl { margin-top: 1rem; }
dt { margin-top: 0.6rem; }
dt > code:first-child { font-weight: 600; }
dd { margin: 0.1rem 0 0; }
.type { color: var(--quiet); }
.must { font-size: 0.8125rem; color: var(--accent); }
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 20rem 1fr; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-bottom: 0; border-right: 1px solid var(--line); }
  main { padding: 2rem; }
}
`;
