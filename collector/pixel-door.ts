/**
 * `GET /pixel.gif?site=…`: a page view of a page without JavaScript, or of a mail.
 *
 * The page is `url` if the tag says it, else the Referer header, of which browsers mostly send the origin alone. The
 * answer is always a picture: whoever sees the page must not see a broken one.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerError } from './answer.ts';
import { toConnection } from './connection.ts';
import { countRefused } from './count-drops.ts';
import type { Door } from './door.ts';
import { orRefuseAll, wrongMethod } from './door.ts';
import { storeBatch } from './store-batch.ts';
import { validate } from './validate.ts';
import type { World } from './world.ts';

// One transparent point.
const GIF = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Never rejects. */
export function createPixelDoor(world: World): Door {
  return async (incoming, response) => {
    if (incoming.method !== 'GET' && incoming.method !== 'HEAD') {
      answerError(incoming, response, wrongMethod('GET', incoming), world.log);
      return;
    }
    const isCounted = incoming.method === 'GET' && (await countPageView(incoming, world));
    answerPicture(response, isCounted);
  };
}

/** False if it was not stored; why is counted with all other refusals. */
async function countPageView(incoming: IncomingMessage, world: World): Promise<boolean> {
  try {
    const receivedAt = world.now();
    const sent = toBatch(incoming, receivedAt);
    const batch = orRefuseAll(sent, () => validate(sent, 0), world);
    const { accepted } = await storeBatch(
      batch,
      toConnection(incoming, world.isTrustedProxy),
      receivedAt,
      world,
    );
    return accepted > 0;
  } catch (error) {
    countRefused(error, world);
    if (!(error instanceof Error && 'status' in error)) world.log('The pixel failed', error);
    return false;
  }
}

/** What the snippet would have sent; `validate` says whether it holds. */
function toBatch({ url, headers }: IncomingMessage, receivedAt: number): object {
  const { searchParams } = new URL(url ?? '', 'http://pixel');
  const referrer = searchParams.get('referrer');
  const title = searchParams.get('title');
  const event = {
    kind: 'page_view',
    id: `${receivedAt.toString(36)}${randomBytes(8).toString('hex')}`,
    at: receivedAt,
    url: searchParams.get('url') ?? headers.referer,
    ...(referrer !== null && { referrer }),
    ...(title !== null && { title }),
  };
  return { version: 1, site: searchParams.get('site'), sentAt: receivedAt, events: [event] };
}

function answerPicture(response: ServerResponse, isCounted: boolean): void {
  response.writeHead(200, {
    'content-type': 'image/gif',
    'content-length': GIF.length,
    // Each showing of the page asks anew.
    'cache-control': 'no-store',
    // For whoever looks why nothing arrives.
    'x-footfall-counted': isCounted ? 'yes' : 'no',
  });
  response.end(GIF);
}
