import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDisk } from '../../collector/spool/disk.ts';
import { openSpool } from '../../collector/spool/spool.ts';
import { batch, CHROME, NOON, openDoors, pageView } from './doors.ts';

const ADDRESS = '81.2.69.142';
const ADDRESS_6 = '2a02:8071:1234:5678::9abc';

/** Every byte that lies in a directory, as text. */
function everything(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'latin1'))
    .join('\n');
}

test('no address and no user agent reaches the disk, whichever door it came through', async () => {
  const messages: string[] = [];
  const doors = await openDoors({
    keys: { find: async () => ({ siteId: 'shop', scopes: ['import'] }) },
    log: (message, error) => messages.push(message, String(error)),
  });
  const disk = await openDisk(join(doors.directory, 'spool'));
  const spool = await openSpool({ disk, now: () => NOON });
  doors.world.spool = spool;
  const key = { authorization: 'Bearer secret' };

  await doors.post(batch());
  await doors.post(batch(), { 'x-forwarded-for': ADDRESS_6 });
  const imported = [
    pageView({ ip: ADDRESS, userAgent: CHROME }),
    pageView({ ip: ADDRESS_6, userAgent: CHROME }),
  ];
  await doors.post({ ...batch(imported), sentBy: 'import' }, key, '/v1/events');
  const context = { ip: ADDRESS, userAgent: CHROME };
  await doors.post({ event: 'Paid', writeKey: 'shop', context }, {}, '/v1/track');
  // What is refused is not written either, nor logged.
  await doors.post(batch([pageView({ at: 'now' })]));
  await doors.post('{');
  await spool.close();

  const bytes = everything(doors.directory) + messages.join('\n');
  expect(bytes).toContain('"country":"GB"');
  expect(bytes.match(/"kind":"(page_view|custom)"/g)).toHaveLength(5);
  for (const secret of [ADDRESS, ADDRESS_6, '8071:1234', CHROME, '127.0.0.1'])
    expect(bytes).not.toContain(secret);
  await doors.close();
});
