import { expect, test } from 'vitest';
import { html, openSite } from '../site.ts';

const RULES = (path: string) =>
  `<script type="speculationrules">{"prerender":[{"source":"list","urls":["${path}"],"eagerness":"immediate"}]}</script>`;

// The page ahead says by the storage, which others hear of, that it has been made ready and had time for a page view.
const visiting = openSite({
  '/going': html(`<script>addEventListener('storage', () => { location = '/ahead'; });</script>`, {
    head: RULES('/ahead'),
  }),
  '/staying': html(`<script>addEventListener('storage', () => footfall.track('Stayed'));</script>`, {
    head: RULES('/ahead'),
  }),
  '/ahead': html(
    `<script>addEventListener('load', () => {
      footfall.track('Was prerendered', { prerendered: !!document.prerendering });
      if (document.prerendering) setTimeout(() => { localStorage.isReady = 1; }, 600);
    });</script>`,
    { title: 'Ahead' },
  ),
});

test.concurrent(
  'a prerendered page counts once it is activated, with what it did before',
  visiting.bare('/going', async ({ of, until, url }) => {
    await until(() => expect(of('custom')).toHaveLength(1));

    expect(of('custom')[0]).toMatchObject({ name: 'Was prerendered', properties: { prerendered: true } });
    expect(of('page_view').map((event) => event.url)).toEqual([`${url}/going`, `${url}/ahead`]);
  }),
);

test.concurrent(
  'a page that was prerendered for nothing does not count',
  visiting.bare('/staying', async ({ of, until, url, scripts }) => {
    await until(() => expect(of('custom')).toHaveLength(1));

    // It was there: it fetched the tag a second time, or found it in the cache of the first.
    expect(scripts.length).toBeGreaterThan(0);
    expect(of('custom')[0]).toMatchObject({ name: 'Stayed' });
    expect(of('page_view').map((event) => event.url)).toEqual([`${url}/staying`]);
  }),
);
