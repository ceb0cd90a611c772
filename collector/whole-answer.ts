/** What a door says to a request that has come whole: the words of answer.ts, as they go over the wire. */
import { STATUS_CODES } from 'node:http';
import { JSON_HEADERS, toRefusalError } from './answer.ts';
import type { WholeAnswer } from './lane-message.ts';
import type { Receipt } from './protocol.ts';
import { toRefusal } from './refusal.ts';

const JSON_LINES = Object.entries(JSON_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');
const ACCEPTED_HEAD = `HTTP/1.1 202 Accepted\r\n${JSON_LINES}`;

export function toReceiptAnswer(receipt: Receipt): WholeAnswer {
  if (receipt.refused.length > 0) return { head: ACCEPTED_HEAD, body: JSON.stringify(receipt) };
  return { head: ACCEPTED_HEAD, body: `{"accepted":${receipt.accepted},"refused":[]}` };
}

export function toErrorAnswer(error: unknown, log: (message: string, error: unknown) => void): WholeAnswer {
  const refusal = toRefusalError(error, log);
  const { status, detail } = refusal;
  const retryAfter =
    detail.retryAfterSeconds === undefined ? '' : `retry-after: ${detail.retryAfterSeconds}\r\n`;
  return {
    head: `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${JSON_LINES}${retryAfter}`,
    body: JSON.stringify(toRefusal(refusal)),
  };
}
