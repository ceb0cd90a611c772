/**
 * The Segment HTTP API (https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/), so that its
 * libraries and RudderStack's work with another key and host. The write key is the site's id, which pages show anyway;
 * with a secret key (scope `import`) in its place, times years back are taken.
 */
import type { IncomingMessage } from 'node:http';
import { answerSuccess } from '../answer.ts';
import { readSecret } from '../authorize.ts';
import * as check from '../check.ts';
import { toConnection } from '../connection.ts';
import { count } from '../count-drops.ts';
import type { Door } from '../door.ts';
import { appendRows, checkRate, createDoor, orRefuseAll, readBatch, refuseIfHopeless } from '../door.ts';
import { API_LIMITS } from '../import-batch.ts';
import type { Receipt } from '../protocol.ts';
import { receiveGzip } from '../receive.ts';
import { describe, RefusalError } from '../refusal.ts';
import type { EventRow } from '../row.ts';
import type { World } from '../world.ts';
import type { Fault, Message, MessageType } from './message.ts';
import { bag, isFault, parseMessage } from './message.ts';
import type { SegmentRequest } from './to-row.ts';
import { toSegmentRow } from './to-row.ts';
import { findWriter } from './writer.ts';

/** `type` is the path's; undefined for `/v1/batch` and `/v1/import`, whose messages say it themselves. */
export function createSegmentDoor(world: World, type: MessageType | undefined): Door {
  return createDoor(world, (incoming) => take(incoming, type, world), answerSuccess);
}

async function take(
  incoming: IncomingMessage,
  type: MessageType | undefined,
  world: World,
): Promise<Receipt> {
  const connection = toConnection(incoming, world.isTrustedProxy);
  const bytes = await receiveGzip(incoming, API_LIMITS.bodyBytes);
  const receivedAt = world.now();
  const body = readBatch(bytes, toBody, world);
  const writer = await findWriter(readSecret(incoming) ?? body.writeKey, world);
  const told = { site: writer.site.id, events: body.batch };
  const messages = type === undefined ? orRefuseAll(told, () => readMessages(body), world) : [body];
  if (!writer.isTrusted) checkRate(writer.site, connection.address, messages.length, world);
  const request = { writer, connection, sentAt: toTime(body.sentAt) ?? receivedAt, receivedAt };
  const read = (value: unknown) =>
    refuseLarge(value, bytes.length) ??
    parseMessage(value, type, type === undefined ? bag(body.context) : {});
  const { rows, refused, firstRefusal } = toRows(messages, type === undefined, read, request, world);
  refuseIfHopeless(writer.site, { events: rows, refused, firstRefusal }, messages);
  await appendRows(writer.site, rows, world);
  const receipt = { accepted: rows.length, refused };
  count(writer.site.id, receipt, messages, world);
  return receipt;
}

type Rows = { rows: EventRow[]; refused: Receipt['refused']; firstRefusal: RefusalError | undefined };

/** One bad message does not spoil the others. */
function toRows(
  messages: readonly unknown[],
  isBatch: boolean,
  read: (value: unknown) => Message | Fault,
  request: SegmentRequest,
  world: World,
): Rows {
  const result: Rows = { rows: [], refused: [], firstRefusal: undefined };
  for (const [index, value] of messages.entries()) {
    const message = read(value);
    if (isFault(message)) {
      const refusal = toRefusal(isBatch ? `batch[${index}]` : '', message);
      result.firstRefusal ??= refusal;
      result.refused.push({ index, ...idOf(value), reason: 'malformed', message: refusal.message });
      continue;
    }
    const outcome = toSegmentRow(message, request, world);
    if ('row' in outcome) result.rows.push(outcome.row);
    else result.refused.push({ index, id: message.messageId, ...outcome });
  }
  return result;
}

function toBody(body: unknown): Record<string, unknown> {
  if (check.isRecord(body)) return body;
  const found = describe(body);
  const message = `Expected the body to be an object, got ${found}`;
  throw new RefusalError(400, 'malformed', message, { expected: 'an object', found });
}

function readMessages({ batch }: Record<string, unknown>): unknown[] {
  const most = API_LIMITS.eventsPerBatch;
  if (Array.isArray(batch) && batch.length > 0 && batch.length <= most) return batch;
  throw toRefusal('', { field: 'batch', ...check.wrong(`an array of 1 to ${most} messages`, batch) });
}

function refuseLarge(value: unknown, bodyBytes: number): Fault | undefined {
  if (bodyBytes <= API_LIMITS.eventBytes) return undefined;
  const bytes = check.jsonBytes(value);
  if (bytes <= API_LIMITS.eventBytes) return undefined;
  return { field: '', expected: `at most ${API_LIMITS.eventBytes} bytes of JSON`, found: `${bytes} bytes` };
}

function toRefusal(path: string, fault: Fault): RefusalError {
  const field = [path, fault.field, fault.within].filter(Boolean).join('.');
  const { expected, found } = fault;
  const message = `Expected "${field || 'the message'}" to be ${expected}, got ${found}`;
  return new RefusalError(400, 'malformed', message, { field, expected, found });
}

function idOf(value: unknown): { id?: string } {
  const id = bag(value).messageId;
  return typeof id === 'string' && id.length <= 256 ? { id } : {};
}

function toTime(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : value;
  return typeof time === 'number' && check.time(time) === undefined ? time : undefined;
}
