/** The page that the API document is read on. */
import { expect, test } from 'vitest';
import { docsRoutes } from '../../../dashboards/api/docs.ts';

const app = docsRoutes({ version: '1.2.3', publicUrl: () => 'https://stats.example' });
const page = await (await app.request('/api/docs')).text();

type Schema = { properties?: Record<string, { description?: string }> };
const { paths, components } = (await (await app.request('/api/openapi.json')).json()) as {
  paths: Record<string, Record<string, { summary?: string }>>;
  components: { schemas: Record<string, Schema> };
};

const escaped = (text: string) =>
  text.replace(
    /[&<>"']/g,
    (sign) => `&${{ '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' }[sign]};`,
  );

/** What stands under the heading of one endpoint. */
function sectionOf(id: string): string {
  return page.split(`<section id="${id}">`)[1]?.split('</section>')[0] ?? '';
}

test('every endpoint has a place, by its method and path', () => {
  for (const [path, { parameters: _, ...operations }] of Object.entries(paths))
    for (const method of Object.keys(operations))
      expect(page).toContain(`${method.toUpperCase()} ${path}</code>`);
});

test('every field of what a report is asked stands there with what it means', () => {
  for (const [schema, { properties = {} }] of Object.entries(components.schemas)) {
    if (!/^[A-Z]\w*Parameters$/.test(schema)) continue;
    for (const [field, { description = '' }] of Object.entries(properties)) {
      expect(page).toContain(`<dt><code>${field}</code>`);
      expect(page, `${schema}.${field}`).toContain(escaped(description));
    }
  }
});

test('a report’s place tells its parameters, what must be there, bounds, defaults, and the columns of its answer', () => {
  const told = sectionOf('post-reports-attribution').replace(/\s+/g, ' ');

  expect(told).toMatch(/<h3>In the path<\/h3>.*<code>site<\/code> <span class="must">required<\/span>/);
  expect(told).toMatch(/<h3>Body<\/h3>.*<code>goal<\/code> <span class="must">required<\/span>/);
  expect(told).toMatch(/<code>lookBackDays<\/code> <code class="type">integer<\/code>/);
  expect(told).toContain(
    'How long before a conversion a touch may lie, inclusive. From 1 to 366. Default: 30.',
  );
  expect(told).toMatch(
    /<h3>Answers<\/h3>.*<code>200<\/code>.*<code>conversions<\/code>.*Goal events credited to it/,
  );
  expect(told).toMatch(/<code>400<\/code> Something is wrong.*<code>message<\/code>/);
  expect(sectionOf('post-reports-funnel')).toMatch(/<h3>In the query<\/h3>[\s\S]*<code>list<\/code>/);
});

test('a schema that holds itself is told, and every link within the page leads somewhere', () => {
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id);

  expect(sectionOf('post-saved-board')).toContain('{ [name]: string | number | boolean | null | …[]');
  expect(new Set(ids).size).toBe(ids.length);
  expect(links.length).toBeGreaterThan(30);
  expect(links.filter((id) => !ids.includes(id))).toEqual([]);
});

test('it runs no script, and its style comes from the same door', async () => {
  const answer = await app.request('/api/docs');
  const style = await app.request('/api/docs.css');

  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page).not.toContain('<script');
  expect(style.headers.get('content-type')).toMatch(/^text\/css/);
});
