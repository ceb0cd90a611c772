/** What is asked of sessions. */
import type { Sql } from '../../sql.ts';
import type { Condition } from '../conditions.ts';
import type { SessionDimension } from '../dimensions.ts';
import type { EventColumn } from '../events/columns.ts';
import type { EventScope } from '../events/scope.ts';
import type { Filter } from '../filters/filters.ts';

/** By the day of their start, by the pages viewed, by the custom events sent. */
export type StoredPart = 'day' | 'page' | 'event';

/** What a session is divided by: intervals of time, or values of its events. */
export type PartKey = {
  /** The key of one event of the period. */
  key: Sql;
  /** Events without a key still count for the session. */
  isBorne: Sql;
  /**
   * Events that bring their engaged time and scroll depth to a key which an event of their session bears, and nothing else.
   * Absent: those that bear it.
   */
  isMeasured?: Sql;
  columns: readonly EventColumn[];
  /** How a stored session is divided by it; absent where it cannot be. */
  stored?: StoredPart;
};

export type SessionsRequest = {
  scope: EventScope;
  filters: readonly Filter[];
  /** Left out: the session as a whole is its one part, under the key ''. */
  part?: PartKey | undefined;
  /** A fact of the session to select, under its factName. */
  fact?: SessionDimension | undefined;
  goal?: Condition | undefined;
};
