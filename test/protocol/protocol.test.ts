import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../collector/parse-json.ts';
import { RefusalError } from '../../collector/refusal.ts';
import { validate } from '../../collector/validate.ts';

const HERE = import.meta.dirname;

function take(file: string) {
  const body = readFileSync(join(HERE, file));
  return validate(parseJson(body), body.length);
}

/** What is said of the batch, or of its first event that is refused. */
function refusalOf(file: string): string {
  try {
    return take(file).firstRefusal?.message ?? 'nothing is wrong with it';
  } catch (error) {
    if (error instanceof RefusalError) return error.message;
    throw error;
  }
}

// Every version ever served stays accepted: pages keep old snippets in their caches.
describe.each(readdirSync(join(HERE, 'valid')))('version %s', (version) => {
  test.each(readdirSync(join(HERE, 'valid', version)))('%s is taken whole', (file) => {
    const { events, refused } = take(join('valid', version, file));

    expect(refused).toEqual([]);
    expect(events.length).toBeGreaterThan(0);
  });
});

test('what is wrong is said with the field, what was expected and what was found', () => {
  const refusals = Object.fromEntries(
    readdirSync(join(HERE, 'invalid')).map((file) => [
      file.replace('.json', ''),
      refusalOf(join('invalid', file)),
    ]),
  );

  expect(refusals).toMatchInlineSnapshot(`
    {
      "a-version-nobody-serves": "Expected "version" to be 1, got 2",
      "amount-is-a-text": "Expected "events[0].revenue.amount" to be a number from -10000000000000 to 10000000000000, got "59.90"",
      "amount-is-infinite": "Expected "events[0].revenue.amount" to be a number from -10000000000000 to 10000000000000, got Infinity",
      "anonymous-id-is-empty": "Expected "anonymousId" to be a text that is not empty, got """,
      "at-is-a-text": "Expected "events[0].at" to be milliseconds since the epoch, got "now"",
      "at-is-negative": "Expected "events[0].at" to be milliseconds since the epoch, got -1",
      "consent-is-a-boolean": "Expected "consent" to be one of granted, denied, got true",
      "currency-is-unknown": "Expected "events[0].revenue.currency" to be an ISO 4217 currency in capital letters, like EUR, got "EURO"",
      "custom-without-name": "Expected "events[0].name" to be a text that is not empty, got nothing",
      "engagement-without-time": "Expected "events[0].engagedMs" to be a number from 0 to 4294967295, got nothing",
      "event-is-null": "Expected "events[0]" to be an event, got null",
      "event-is-too-large": "Expected "events[0]" to be at most 8192 bytes of JSON, got 9245 bytes",
      "events-is-an-object": "Expected "events" to be an array of 1 to 50 events, got an object",
      "group-without-account": "Expected "accountId" to be a text, for the batch names a group, got nothing",
      "id-is-too-long": "Expected "events[0].id" to be at most 100 characters, got 101 characters",
      "identify-without-user": "Expected "userId" to be a text, for the batch identifies, got nothing",
      "kind-is-a-prototype-property": "Expected "events[0].kind" to be one of page_view, engagement, custom, outbound_link, file_download, form_submit, click, rage_click, dead_click, web_vitals, error, identify, group, reset, got "constructor"",
      "kind-is-unknown": "Expected "events[0].kind" to be one of page_view, engagement, custom, outbound_link, file_download, form_submit, click, rage_click, dead_click, web_vitals, error, identify, group, reset, got "pageview"",
      "more-events-than-fit": "Expected "events" to be an array of 1 to 50 events, got an array of 51",
      "more-properties-than-fit": "Expected "events[0].properties" to be at most 64 properties, got 65 properties",
      "no-events": "Expected "events" to be an array of 1 to 50 events, got an array of 0",
      "no-id": "Expected "events[0].id" to be a text that is not empty, got nothing",
      "no-version": "Expected "version" to be 1, got nothing",
      "not-an-object": "Expected the body to be a batch, got an array of 0",
      "outbound-link-without-target": "Expected "events[0].target" to be a text, got nothing",
      "property-is-an-object": "Expected "events[0].properties.color" to be a text, a finite number or a boolean, got an object",
      "property-is-null": "Expected "events[0].properties.color" to be a text, a finite number or a boolean, got null",
      "property-is-too-long": "Expected "events[0].properties.color" to be at most 1000 characters, got 1001 characters",
      "revenue-is-a-number": "Expected "events[0].revenue" to be an object with amount and currency, got 59.9",
      "screen-width-is-a-text": "Expected "screenWidth" to be a number from 0 to 100000, got "1280"",
      "scroll-over-100-percent": "Expected "events[0].scrollPercent" to be a number from 0 to 100, got 101",
      "sent-at-is-a-text": "Expected "sentAt" to be milliseconds since the epoch, got "2026-01-01"",
      "seq-is-a-text": "Expected "events[0].seq" to be a number from 0 to 65535, got "1"",
      "site-with-capitals": "Expected "site" to be a site id (a-z, 0-9, dots and hyphens), got "Shop"",
      "title-is-a-number": "Expected "events[0].title" to be a text, got 1",
      "url-is-a-script": "Expected "events[0].url" to be an absolute http or https URL, got "javascript:alert(1)"",
      "url-is-relative": "Expected "events[0].url" to be an absolute http or https URL, got "/tea"",
      "url-is-too-long": "Expected "events[0].url" to be at most 2000 characters, got 2021 characters",
    }
  `);
});
