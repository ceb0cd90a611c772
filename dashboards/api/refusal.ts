/** What the API says no with: protocol.ts's Refusal, with a sentence, the path of the wrong field, expected and found. */
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import type { Refusal } from '../../collector/protocol.ts';

export function refuse(c: Context, status: ContentfulStatusCode, error: Refusal['error']) {
  return c.json({ error } satisfies Refusal, status);
}

/** The first thing that is wrong with what was sent, as a sentence. `sent` is what the schema was given. */
export function toRefusal(error: z.ZodError, sent: unknown): Refusal['error'] {
  const { issue, path } = mostTelling(error.issues, []);
  const field = writePath(path);
  const found = writeFound(at(sent, path));
  const message = sentenceOf(issue, found);
  return {
    code: 'invalid_parameters',
    message: field ? `${message} at "${field}"` : message,
    ...(field && { field }),
    ...(expectedOf(issue) && { expected: expectedOf(issue) ?? '' }),
    found,
  };
}

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/**
 * Of a union each alternative has its own complaint. The one that got furthest was meant: a mistake deep inside tells
 * more than "not this alternative at all".
 */
function mostTelling(issues: readonly Issue[], base: Path): { issue: Issue; path: Path } {
  const told = issues.map((issue) => {
    const path = [...base, ...issue.path];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { issue, path };
    const branches = issue.errors
      .map((branch) => mostTelling(branch, path))
      .sort((a, b) => rank(b) - rank(a));
    const best = branches[0];
    return best && rank(best) > rank({ issue, path }) ? best : { issue, path };
  });
  // The first is the outermost; there is always one in a ZodError.
  return (
    told[0] ?? {
      issue: { code: 'custom', path: [], message: 'Something is wrong', input: undefined },
      path: base,
    }
  );
}

function rank({ issue, path }: { issue: Issue; path: Path }): number {
  // A key that is not known at all says that another alternative was meant.
  const penalty = issue.code === 'unrecognized_keys' ? 0.5 : issue.code === 'invalid_type' ? 0.25 : 0;
  return path.length - penalty;
}

function sentenceOf(issue: Issue, found: string): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `Expected no field ${issue.keys.map((key) => JSON.stringify(key)).join(', ')}`;
    case 'invalid_union':
      // Our own unions say what they take; of the others the kinds are listed.
      return issue.message === 'Invalid input'
        ? `Expected ${expectedOf(issue) ?? 'another value'}, found ${found}`
        : issue.message;
    case 'invalid_type':
    case 'invalid_value':
    case 'too_big':
    case 'too_small':
      return `Expected ${expectedOf(issue)}, found ${found}`;
    default:
      return issue.message.replace(/\.$/, '');
  }
}

function expectedOf(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_union': {
      const kinds = new Set(
        issue.errors.flatMap((branch) => branch.map(expectedOf)).filter((kind) => kind !== undefined),
      );
      return kinds.size > 0 ? [...kinds].join(' or ') : undefined;
    }
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return listOf(issue.values);
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'too_small':
      return `at least ${issue.minimum}`;
    default:
      return undefined;
  }
}

function listOf(values: readonly unknown[]): string {
  const names = values.map((value) => JSON.stringify(value));
  return names.length === 1 ? (names[0] ?? '') : `one of ${names.join(', ')}`;
}

/** `steps[2].event` */
function writePath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

function at(value: unknown, path: Path): unknown {
  return path.reduce(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

function writeFound(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
