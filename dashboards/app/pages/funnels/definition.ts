import type { FunnelParameters } from '../../../reports/funnel/parameters.ts';
import { isField } from '../../state/fields.ts';
import { type Filter, isOperator } from '../../state/filters.ts';

/** One step as the editor shows it. `anyOf` has one text per event or page, of which any fills the step. */
export type Step = {
  /** "/cart" (a page), "/blog/*" (a wildcard), "~^/p/\d+" (a regex), "Purchase" (an event); '' while it is not chosen. */
  anyOf: [string, ...string[]];
  filters: Filter[];
  isOptional: boolean;
  withinMs: number | undefined;
};

/** What taints an attempt between two steps, counted from 1; undefined: from the first, to the last. */
export type Exclusion = { what: string; after: number | undefined; before: number | undefined };

export type Order = 'ordered' | 'strict' | 'any';
export type CountBy = 'person' | 'session' | 'account';
export type Attribution = 'first' | 'last' | 'all';

/** A funnel as it is built, saved and linked to. */
export type Definition = {
  steps: Step[];
  order: Order;
  windowMs: number;
  countBy: CountBy;
  exclusions: Exclusion[];
  breakdown: { property: string; attribution: Attribution } | undefined;
  isFirstTime: boolean;
};

export const EMPTY_STEP: Step = { anyOf: [''], filters: [], isOptional: false, withinMs: undefined };

export const NEW_FUNNEL: Definition = {
  steps: [EMPTY_STEP, EMPTY_STEP],
  order: 'ordered',
  windowMs: 14 * 86_400_000,
  countBy: 'person',
  exclusions: [],
  breakdown: undefined,
  isFirstTime: false,
};

export const ORDERS: Order[] = ['ordered', 'strict', 'any'];
export const COUNTS: CountBy[] = ['person', 'session', 'account'];
export const ATTRIBUTIONS: Attribution[] = ['first', 'last', 'all'];
export const MOST_STEPS = 20;

/** The definition as one search parameter: short JSON, what is usual left out. */
export function writeDefinition(definition: Definition): string {
  const { steps, order, windowMs, countBy, exclusions, breakdown, isFirstTime } = definition;
  return JSON.stringify({
    s: steps.map((step) => ({
      a: step.anyOf,
      ...(step.filters.length > 0 ? { f: step.filters } : {}),
      ...(step.isOptional ? { o: 1 } : {}),
      ...(step.withinMs === undefined ? {} : { w: step.withinMs }),
    })),
    ...(order === NEW_FUNNEL.order ? {} : { order }),
    ...(windowMs === NEW_FUNNEL.windowMs ? {} : { windowMs }),
    ...(countBy === NEW_FUNNEL.countBy ? {} : { countBy }),
    ...(exclusions.length > 0 ? { x: exclusions } : {}),
    ...(breakdown ? { by: breakdown } : {}),
    ...(isFirstTime ? { isFirstTime: 1 } : {}),
  });
}

/** Takes what it understands; undefined for what is no funnel at all. */
export function parseDefinition(text: string): Definition | undefined {
  const value = parseObject(text);
  const steps = toArray(value?.s).map(toStep);
  if (!value || steps.length === 0 || steps.length > MOST_STEPS) return undefined;
  return {
    steps: steps.length === 1 ? [...steps, EMPTY_STEP] : steps,
    ...readRules({ ...value, breakdown: value.by }),
    exclusions: toArray(value.x).map(toExclusion),
    isFirstTime: value.isFirstTime === 1,
  };
}

/** The rules that the address and a saved funnel name alike. */
function readRules(
  value: Record<string, unknown>,
): Pick<Definition, 'order' | 'windowMs' | 'countBy' | 'breakdown'> {
  const { property, attribution } = toObject(value.breakdown);
  return {
    order: ORDERS.find((one) => one === value.order) ?? NEW_FUNNEL.order,
    windowMs: typeof value.windowMs === 'number' ? value.windowMs : NEW_FUNNEL.windowMs,
    countBy: COUNTS.find((one) => one === value.countBy) ?? NEW_FUNNEL.countBy,
    breakdown:
      typeof property === 'string' && property !== ''
        ? { property, attribution: ATTRIBUTIONS.find((one) => one === attribution) ?? 'first' }
        : undefined,
  };
}

/** What is saved: what the report API takes, besides the period and the filters. */
export function toSavedBody(definition: Definition): Record<string, unknown> {
  return {
    ...toParameters(definition),
    ...(definition.breakdown ? { breakdown: definition.breakdown } : {}),
  };
}

type Asked = Pick<FunnelParameters, 'steps' | 'order' | 'windowMs' | 'countBy' | 'exclusions' | 'firstTime'>;

/** The definition as the report API takes it; undefined while fewer than two steps are chosen. */
export function toParameters(definition: Definition): Asked | undefined {
  const chosen = chosenSteps(definition);
  if (chosen.length < 2) return undefined;
  const exclusions = definition.exclusions.filter(
    ({ what, after = 1, before = chosen.length }) => what !== '' && after < before && before <= chosen.length,
  );
  return {
    steps: chosen.map((step, index) => ({
      ...(step.anyOf.length === 1 ? toCondition(step.anyOf[0]) : { anyOf: step.anyOf.map(toCondition) }),
      ...(step.filters.length > 0 ? { filters: step.filters } : {}),
      // The first step opens the funnel and the last is its goal.
      ...(step.isOptional && index > 0 && index < chosen.length - 1 ? { optional: true } : {}),
      ...(step.withinMs !== undefined && index > 0 ? { withinMs: step.withinMs } : {}),
      label: step.anyOf.join(' | ').slice(0, 100),
    })),
    order: definition.order,
    windowMs: definition.windowMs,
    countBy: definition.countBy,
    ...(exclusions.length > 0
      ? {
          exclusions: exclusions.map(({ what, after, before }) => ({
            ...toCondition(what),
            ...(after === undefined ? {} : { after }),
            ...(before === undefined ? {} : { before }),
          })),
        }
      : {}),
    ...(definition.isFirstTime && definition.order !== 'any' ? { firstTime: true } : {}),
  };
}

/** A saved funnel as the editor shows it. Its body is what the report API takes. */
export function fromParameters(body: unknown): Definition | undefined {
  const saved = toObject(body);
  const steps = toArray(saved.steps).map((value): Step => {
    const step = toObject(value);
    const [first = '', ...rest] = (step.anyOf === undefined ? [step] : toArray(step.anyOf)).map(toText);
    return {
      anyOf: [first, ...rest],
      filters: toArray(step.filters).flatMap(toFilter),
      isOptional: step.optional === true,
      withinMs: typeof step.withinMs === 'number' ? step.withinMs : undefined,
    };
  });
  const written = writeDefinition({ ...NEW_FUNNEL, steps });
  const definition = parseDefinition(written);
  return (
    definition && {
      ...definition,
      ...readRules(saved),
      exclusions: toArray(saved.exclusions).map((one) =>
        toExclusion({ ...toObject(one), what: toText(one) }),
      ),
      isFirstTime: saved.firstTime === true,
    }
  );
}

/** The text that stands for a condition: the inverse of toCondition. A prefix becomes the wildcard that means the same. */
function toText(condition: unknown): string {
  const { event, page } = toObject(condition);
  if (typeof event === 'string') return event;
  const { match, path } = toObject(page);
  if (typeof path !== 'string') return '';
  if (match === 'regex') return `~${path}`;
  return match === 'prefix' ? `${path}**` : path;
}

/** The steps that say what they are; those still empty are not asked for. */
export function chosenSteps({ steps }: Definition): Step[] {
  return steps.flatMap((step) => {
    const [first, ...rest] = step.anyOf.filter((text) => text !== '');
    return first === undefined ? [] : [{ ...step, anyOf: [first, ...rest] as [string, ...string[]] }]; // As just parted.
  });
}

/** What a text in a step stands for. */
export function toCondition(text: string) {
  if (text.startsWith('~')) return { page: { match: 'regex' as const, path: text.slice(1) } };
  if (!text.startsWith('/')) return { event: text };
  return { page: { match: text.includes('*') ? ('wildcard' as const) : ('exact' as const), path: text } };
}

export function moveStep(steps: readonly Step[], from: number, to: number): Step[] {
  const moved = steps[from];
  if (!moved || to < 0 || to >= steps.length) return [...steps];
  return steps.toSpliced(from, 1).toSpliced(to, 0, moved);
}

function toStep(value: unknown): Step {
  const step = toObject(value);
  const [first = '', ...rest] = toArray(step.a).filter((one) => typeof one === 'string');
  return {
    anyOf: [first, ...rest],
    filters: toArray(step.f).flatMap(toFilter),
    isOptional: step.o === 1,
    withinMs: typeof step.w === 'number' ? step.w : undefined,
  };
}

function toExclusion(value: unknown): Exclusion {
  const { what, after, before } = toObject(value);
  return {
    what: typeof what === 'string' ? what : '',
    after: typeof after === 'number' ? after : undefined,
    before: typeof before === 'number' ? before : undefined,
  };
}

function toFilter(value: unknown): Filter[] {
  const { field, operator, values } = toObject(value);
  if (!isField(field) || !isOperator(operator)) return [];
  return [{ field, operator, values: toArray(values).filter((one) => typeof one === 'string') }];
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    return toObject(JSON.parse(text));
  } catch {
    // A link that was cut or mistyped.
    return undefined;
  }
}

function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function toArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
