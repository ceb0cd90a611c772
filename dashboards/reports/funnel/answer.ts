/** What the funnel report answers: the rows of its tables, snake_case as in SQL. Rates are fractions, times are ms. */

/** One bar, in the order of the steps. Rates are null where there is nothing to divide by. */
export type FunnelRow = {
  /** From 1. */
  step: number;
  label: string;
  is_optional: boolean;
  /**
   * Persons (sessions, accounts) whose furthest step is this one or a later one; of an optional step, those who filled
   * it. In `any` order: those who filled at least as many required steps.
   */
  people: number;
  share_of_first: number | null;
  /** Of the previous required step. */
  share_of_previous: number | null;
  /** The 95 % Wilson interval of share_of_first. */
  share_low: number | null;
  share_high: number | null;
  /** Those whose furthest step it is, with their window closed. 0 at the last. */
  drop_off: number;
  /** The same, but with their window still open. */
  still_converting: number;
  /** From the previous filled step to this one. Null at step 1. */
  median_ms: number | null;
  mean_ms: number | null;
  /** From step 1 to this one. */
  median_total_ms: number | null;
  /** Of the events that filled the step; an order once. Currencies are never added up. */
  revenue: { currency: string; amount: number }[];
};

/** How long those who converted took, from step 1 to the last. `to_ms` is exclusive, save in the last bin. */
export type HistogramBin = { from_ms: number; to_ms: number; people: number };

/** The entries of one interval of local time. */
export type TrendRow = {
  /** The interval's first moment, ms since the epoch. */
  start: number;
  /** On the wall of the site: `YYYY-MM-DD HH:MM:SS`. */
  local_start: string;
  entered: number;
  converted: number;
  still_converting: number;
  conversion_rate: number | null;
  /** Some who entered here may still convert, or the interval is not over. */
  is_unfinished: boolean;
};

/** `is_rest`: all values beyond the limit together. */
export type BreakdownRows = { value: string; is_rest: boolean; rows: FunnelRow[] };

/** An event that filled a step. */
export type MatchedEvent = { step: number; label: string; time: number; name: string; path: string };

export type FunnelPerson = {
  /** As the person timeline takes it. Of sessions and accounts: theirs. */
  person_id: string;
  user_id: string;
  entered: number;
  furthest_step: number;
  converted: boolean;
  still_converting: boolean;
  events: MatchedEvent[];
};

export type PeoplePage = { total: number; offset: number; rows: FunnelPerson[] };

/** Where those went who left after a step. With `''` as label they left the site, from the page `from`. */
export type NextRow = {
  label: string;
  from: string;
  people: number;
  share: number;
  /** Of these people: who did nothing after it, and where the others went on to, the most frequent first. */
  left: number;
  onward: { label: string; people: number }[];
};

/** How much more often converters than others bear a value. Above 1: more often. */
export type SeparatorRow = {
  kind: 'property' | 'event';
  name: string;
  value: string;
  converted: number;
  converted_total: number;
  others: number;
  others_total: number;
  odds_ratio: number;
  /** Its 95 % interval; where it holds 1, chance may explain the difference. */
  odds_low: number;
  odds_high: number;
};

export type FunnelSummary = {
  entered: number;
  converted: number;
  still_converting: number;
  /** Left out: they reached their furthest step only by attempts that an exclusion tainted. */
  excluded: number;
  conversion_rate: number | null;
  rate_low: number | null;
  rate_high: number | null;
  /** Of those who converted, from step 1 to the last. */
  median_ms: number | null;
  mean_ms: number | null;
};

/** `rows` is always there; the rest where it was asked for. */
export type FunnelAnswer = {
  summary: FunnelSummary;
  rows: FunnelRow[];
  histogram: HistogramBin[];
  comparison?: { from: string; to: string; summary: FunnelSummary; rows: FunnelRow[] };
  breakdown?: BreakdownRows[];
  trend?: TrendRow[];
  people?: PeoplePage;
  next?: NextRow[];
  separators?: SeparatorRow[];
};
