import { StorageError } from '../storage/storage.ts';

/** ClickHouse's codes for "this value cannot be that": the row is to blame, and will be next time too. */
const ROW_CODES: ReadonlySet<number> = new Set([
  6, // CANNOT_PARSE_TEXT
  25, // CANNOT_PARSE_ESCAPE_SEQUENCE
  26, // CANNOT_PARSE_QUOTED_STRING
  27, // CANNOT_PARSE_INPUT_ASSERTION_FAILED
  36, // BAD_ARGUMENTS
  38, // CANNOT_PARSE_DATE
  41, // CANNOT_PARSE_DATETIME
  53, // TYPE_MISMATCH
  69, // ARGUMENT_OUT_OF_BOUND
  70, // CANNOT_CONVERT_TYPE
  72, // CANNOT_PARSE_NUMBER
  117, // INCORRECT_DATA
  128, // TOO_LARGE_ARRAY_SIZE
  131, // TOO_LARGE_STRING_SIZE
  190, // SIZES_OF_ARRAYS_DONT_MATCH
  321, // VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE
  376, // CANNOT_PARSE_UUID
  407, // DECIMAL_OVERFLOW
  467, // CANNOT_PARSE_BOOL
  469, // VIOLATED_CONSTRAINT
  691, // UNKNOWN_ELEMENT_OF_ENUM
]);

/** After so many attempts that end alike, an answer that is not on the list is held against a row too, if others go in. */
const PATIENCE_ATTEMPTS = 5;

/** `row`: look for it. `perhaps_row`: look, but only believe it if other rows are taken. `database`: try again later. */
export type Blame = 'row' | 'perhaps_row' | 'database';

export function blameFor(error: unknown, attempt: number): Blame {
  if (!(error instanceof StorageError) || error.code === undefined) return 'database';
  if (ROW_CODES.has(error.code)) return 'row';
  return attempt >= PATIENCE_ATTEMPTS ? 'perhaps_row' : 'database';
}

/** So long an insert may be on its way after nobody waits for it any more. */
const ON_THE_WAY_MS = 3 * 60_000;

/**
 * What a batch's next attempt, which counts from 1, has to look for after `lastError`. While an insert that nobody
 * answered may be on its way no row is suspected: the halves may go in, and then the whole.
 */
export function createBlame(now: () => number, isResumed: boolean) {
  let unansweredAt = isResumed ? now() : Number.NEGATIVE_INFINITY;
  return (attempt: number, lastError: unknown): Blame => {
    const isAnswered = lastError instanceof StorageError && lastError.code !== undefined;
    if (attempt > 1 && !isAnswered) unansweredAt = now();
    const blame = blameFor(lastError, attempt);
    return blame === 'perhaps_row' && now() - unansweredAt < ON_THE_WAY_MS ? 'database' : blame;
  };
}
