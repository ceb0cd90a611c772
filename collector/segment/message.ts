/**
 * One message of the Segment spec (https://segment.com/docs/connections/spec/common/), checked. Unlike the snippet's
 * events it may bear anything in `properties`, `traits` and `context`; only what is read here must be of its type.
 */
import { randomUUID } from 'node:crypto';
import type { Wrong } from '../check.ts';
import * as check from '../check.ts';
import { LIMITS } from '../protocol.ts';

export const MESSAGE_TYPES = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

type Bag = Record<string, unknown>;

export type Message = {
  type: MessageType;
  messageId: string;
  /** Milliseconds since the epoch; undefined if the message does not say. */
  at: number | undefined;
  anonymousId: string | undefined;
  userId: string | undefined;
  groupId: string | undefined;
  previousId: string | undefined;
  /** `event` of a track, `name` of a page or screen; '' where there is none. */
  name: string;
  properties: Bag;
  traits: Bag;
  context: Bag;
};

/** What is wrong with a message, and where. */
export type Fault = Wrong & { field: string };

const MAX_MESSAGE_ID = 256;
const MAX_USER_ID = 256;

/** `type` is what the path says, if it says it; `context` what a batch says for all its messages. */
export function parseMessage(value: unknown, type: MessageType | undefined, context: Bag): Message | Fault {
  if (!check.isRecord(value)) return { field: '', ...check.wrong('an object', value) };
  const kind = type ?? value.type;
  if (!isMessageType(kind))
    return { field: 'type', ...check.wrong(`one of ${MESSAGE_TYPES.join(', ')}`, kind) };
  const fault = firstFault(value, kind);
  if (fault !== undefined) return fault;
  const at = toTime(value.timestamp ?? value.originalTimestamp);
  if (at === 'wrong') return { field: 'timestamp', ...check.wrong('an ISO 8601 date', value.timestamp) };
  return {
    type: kind,
    messageId: toText(value.messageId) ?? randomUUID(),
    at,
    anonymousId: toText(value.anonymousId),
    userId: toText(value.userId),
    groupId: toText(value.groupId),
    previousId: toText(value.previousId),
    name: toText(kind === 'track' ? value.event : value.name) ?? '',
    properties: bag(value.properties),
    traits: bag(value.traits),
    context: toContext(bag(value.context), context),
  };
}

/** Alone what is read of it: to copy all of a batch's context into each message would cost their product. */
const CONTEXT_FIELDS = ['ip', 'userAgent', 'locale', 'groupId', 'page', 'screen', 'library'];

/** The message's own, else the batch's. */
function toContext(own: Bag, shared: Bag): Bag {
  return Object.fromEntries(CONTEXT_FIELDS.map((field) => [field, own[field] ?? shared[field]]));
}

export function isFault(parsed: Message | Fault): parsed is Fault {
  return 'expected' in parsed;
}

/** Libraries of typed languages send null where they have nothing, and numbers as ids. */
function toText(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return undefined;
  return String(value);
}

const idText = check.name(MAX_USER_ID);
const messageId = check.name(MAX_MESSAGE_ID);
const eventName = check.name(LIMITS.nameLength);
const pageName = check.text(LIMITS.titleLength);

function firstFault(value: Bag, type: MessageType): Fault | undefined {
  const tests: [string, check.Check][] = [
    ['messageId', absentOr(messageId)],
    ['anonymousId', absentOr(idText)],
    ['userId', absentOr(idText)],
    ['groupId', type === 'group' ? numberOr(idText) : absentOr(idText)],
    ['previousId', type === 'alias' ? numberOr(idText) : absentOr(idText)],
    ['event', type === 'track' ? eventName : anything],
    ['name', type === 'page' || type === 'screen' ? absentOr(pageName) : anything],
    ['properties', absentOr(object)],
    ['traits', absentOr(object)],
    ['context', absentOr(object)],
  ];
  for (const [field, test] of tests) {
    const fault = test(value[field]);
    if (fault !== undefined) return { ...fault, field };
  }
  return undefined;
}

const anything: check.Check = () => undefined;
const object: check.Check = (value) => (check.isRecord(value) ? undefined : check.wrong('an object', value));

function numberOr(test: check.Check): check.Check {
  return (value) => (Number.isFinite(value) ? undefined : test(value));
}

function absentOr(test: check.Check): check.Check {
  const orNumber = numberOr(test);
  return (value) => (value === null || value === undefined || value === '' ? undefined : orNumber(value));
}

/** ISO 8601, or milliseconds. */
function toTime(value: unknown): number | undefined | 'wrong' {
  if (value === null || value === undefined) return undefined;
  const time = typeof value === 'string' ? Date.parse(value) : value;
  return typeof time === 'number' && check.time(time) === undefined ? time : 'wrong';
}

function isMessageType(value: unknown): value is MessageType {
  return MESSAGE_TYPES.some((type) => type === value);
}

export function bag(value: unknown): Bag {
  return check.isRecord(value) ? value : {};
}
