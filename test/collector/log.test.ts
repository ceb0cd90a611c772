import { expect, test } from 'vitest';
import { createLog, redact } from '../../collector/log.ts';

const at = new Date('2026-11-22T03:26:29.123Z');

test('a line of JSON says when, how grave, what, and with which error', () => {
  const lines: string[] = [];
  const log = createLog({ format: 'json', write: (line) => lines.push(line), now: () => at });

  log('warn', 'The database is being restarted', new Error('it ended', { cause: 'SIGKILL' }));

  const { detail, ...line } = JSON.parse(lines[0] ?? '') as Record<string, string>;
  expect(line).toEqual({
    time: '2026-11-22T03:26:29.123Z',
    level: 'warn',
    message: 'The database is being restarted',
  });
  expect(detail).toMatch(/^Error: it ended\n {4}at .*\ncaused by SIGKILL$/s);
});

test('a person at a terminal reads plain lines', () => {
  const lines: string[] = [];
  const log = createLog({ format: 'text', write: (line) => lines.push(line), now: () => at });

  log('info', 'Backup written');

  expect(lines).toEqual(['2026-11-22T03:26:29.123Z info  Backup written\n']);
});

test.each([
  ['from 203.0.113.7:51324 at 03:26:29', 'from [address]:51324 at 03:26:29'],
  ['from 2001:db8::17 and fe80::1:2:3:4.', 'from [address] and [address].'],
  ['::ffff:198.51.100.2 hung up', '[address] hung up'],
  ['GET /sign-in/TmK0BOTLS2b9emPQxbbrBdSMve52pW9gFlG3BllBOMg', 'GET /sign-in/[secret]'],
  ['cookie footfall_session=TmK0BOTLS2b9emPQxbbr', 'cookie footfall_session=[secret]'],
  ['Authorization: Basic c2VjcmV0a2V5Og==', 'Authorization: Basic [secret]'],
])('%s is written without what must not be there', (message, written) => {
  expect(redact(message)).toBe(written);
});

test.each([
  'connect ECONNREFUSED 127.0.0.1:8123',
  'listen on [::1]:8000',
  'at start (/srv/footfall/collector/main.ts:12:34)',
  'took 00:00:12.5',
])('%s stays as it is', (message) => {
  expect(redact(message)).toBe(message);
});
