/** What the funnel's query is asked to return beside the packed events. */
import type { Sql } from '../../sql.ts';
import type { SessionDimension } from '../dimensions.ts';

/** What a row holds, in this order: the subject as a number, its id, the events (each with its value), the revenue events. */
export type RowShape = {
  hasKey: boolean;
  hasSubject: boolean;
  values: EventValues | undefined;
  hasMoney: boolean;
  /** No order was ever named, so that no money can be told twice. */
  hasNoOrders?: boolean;
  /** As the machine takes it inside the engine: events in any order; money in one list of words, see `saleWords`. */
  isForMachine?: boolean;
};

/** A text per event, and which events besides steps and exclusions are wanted for it. */
export type EventValues = {
  value: Sql;
  isWanted: Sql;
  /** Which facts of the session the value reads. */
  facts: readonly SessionDimension[];
};
