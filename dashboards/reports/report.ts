/** What a report is: its parameters, its rows, and the query that gives one from the other. */
import type { z } from 'zod';
import type { Sql } from '../sql.ts';
import type { Condition } from './conditions.ts';
import type { EventScope } from './events/scope.ts';
import type { Filter } from './filters/filters.ts';
import type { ComparisonParameter, Period, PeriodParameter } from './period/period.ts';

/** What every report is asked with, besides its own. */
export type SharedParameters = {
  period: PeriodParameter;
  comparison?: ComparisonParameter | undefined;
  filters?: Filter[] | undefined;
  /** How many rows, where it may be chosen. */
  limit?: number | undefined;
};

export type ReportContext = {
  scope: EventScope;
  period: Period;
  timeZone: string;
  currency: string;
  /** The condition of a saved goal; throws ReportError if there is none with this id. */
  goalOf: (goalId: string) => Condition;
  /** The values that the compared rows are wanted for: those of the rows that they stand beside. */
  only?: readonly string[];
};

/** `Row` is what one row of the query is; the answer's rows and totals are made from them. */
export type Report<Parameters extends SharedParameters, Row extends object> = {
  /** In the address: `/api/sites/{site}/reports/{name}`. */
  name: string;
  title: string;
  /** The question it answers, whom it counts, what its numbers mean: one sentence each. */
  description: string;
  parameters: z.ZodType<Parameters>;
  row: z.ZodType<Row>;
  /** What the columns mean, for `meta.definitions` and the API document. */
  definitions: Partial<Record<keyof Row & string, string>>;
  /** One query. A row that says so in `is_total` goes to `totals`. */
  compose: (parameters: Parameters, context: ReportContext) => Sql;
  /** Whether the total is all that there is to list, for nothing divides it. */
  isUndivided?: (parameters: Parameters) => boolean;
  /** The column that rows of the compared period are matched by; without it they are matched by their place. */
  matchBy?: keyof Row & string;
};

/** An answer that is gathered before it is told has to fit into memory; a list that streams need not. */
export const MOST_ROWS_GATHERED = 100_000;
export const MANY_ROWS = `As JSON at most ${MOST_ROWS_GATHERED}; as CSV, which streams, as many as there are.`;

/** Types a report by its own schemas, so that neither has to be repeated. */
export function defineReport<Parameters extends SharedParameters, Row extends object>(
  report: Report<Parameters, Row>,
): Report<Parameters, Row> {
  return report;
}

/** Asked for something that does not exist: a goal, a segment. `field` is its path in the request. */
export class ReportError extends Error {
  override name = 'ReportError';
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}
