/**
 * What separates those who converted from those who did not: facts of the entry, and what they did on the way, ranked by
 * how sure the difference is. Whoever may still convert is left out, and so is what tells nothing: what all who entered
 * bear, for the step or a filter asked for it, and that somebody viewed some page.
 */
import { bind, joinSql, sql } from '../../sql.ts';
import type { SessionDimension } from '../dimensions.ts';
import { IS_DEED } from '../events/deeds.ts';
import type { EventScope } from '../events/scope.ts';
import { factName } from '../sessions/fact-name.ts';
import type { SeparatorRow } from './answer.ts';
import { type Decided, placesOf } from './decide-all.ts';
import type { Definition } from './definition.ts';
import { at } from './events.ts';
import { oneLine } from './next.ts';
import type { FunnelParameters } from './parameters.ts';
import type { EventValues } from './row-shape.ts';
import { baseMs } from './source.ts';
import { oddsRatio } from './statistics.ts';

export type SeparatorList = { add(decided: Decided): void; rows(): SeparatorRow[] };

const FACTS: readonly SessionDimension[] = [
  'channel',
  'source',
  'medium',
  'campaign',
  'country',
  'language',
  'browser',
  'os',
  'device',
  'entry_page',
];

/** Fewer people than this who bear a value tell nothing. */
const FEWEST = 5;

/** Lines: the name of what was done, or '', then `name=value` for each fact of the session and property of the event. */
export const separatorValues: EventValues = {
  value: sql`concat(
      if(${IS_DEED} AND is_listed AND kind NOT IN ('page_view', 'screen'), ${oneLine(sql`toString(name)`)}, ''), '\\n',
      arrayStringConcat(arrayConcat(
        [${joinSql(FACTS.map((fact) => sql`concat(${bind('fact', 'String', `${fact}=`)}, ${oneLine(factName(fact))})`))}],
        arrayMap(
          (key, text) -> concat('property:', ${oneLine(sql`toString(key)`)}, '=', ${oneLine(sql`text`)}),
          mapKeys(properties), mapValues(properties)
        )
      ), '\\n')
    )`,
  isWanted: IS_DEED,
  facts: FACTS,
};

export function createSeparatorList(
  definition: Definition,
  { separators }: FunnelParameters,
  scope: EventScope,
): SeparatorList {
  const counts = new Map<string, { converted: number; others: number }>();
  const last = definition.steps.length - 1;
  const totals = { converted: 0, others: 0 };

  return {
    add(decided) {
      if (decided.attempt.isOpen) return;
      const group = decided.attempt.furthest === last ? 'converted' : 'others';
      totals[group] += 1;
      for (const feature of featuresOf(decided, definition, baseMs(scope), group === 'converted')) {
        const count = counts.get(feature) ?? { converted: 0, others: 0 };
        count[group] += 1;
        counts.set(feature, count);
      }
    },
    rows: () =>
      [...counts]
        .filter(([, { converted, others }]) => converted + others >= FEWEST)
        .filter(([, { converted, others }]) => converted + others < totals.converted + totals.others)
        .map(([feature, count]) => toRow(feature, count, totals))
        .sort(
          (one, other) =>
            sureness(other) - sureness(one) || (one.name + one.value < other.name + other.value ? -1 : 1),
        )
        .slice(0, separators?.limit ?? 20),
  };
}

/** `e:` and the name of an event done after the entry, up to the conversion or the window's end; `p:` and a fact. */
function featuresOf(
  { subject: { events, values }, verdict, attempt }: Decided,
  definition: Definition,
  base: number,
  hasConverted: boolean,
): Set<string> {
  const stepBits = (1 << definition.steps.length) - 1;
  const entry = placesOf(definition, events, verdict.filled)[0] ?? 0;
  const start = at(events.times, entry);
  const end = hasConverted ? Math.max(...attempt.times) - base : start + definition.windowMs;
  const [, ...facts] = (values[entry] ?? '').split('\n');
  const features = new Set(facts.filter((fact) => !fact.endsWith('=')).map((fact) => `p:${fact}`));
  for (let event = 0; event < events.count; event++) {
    const time = at(events.times, event);
    if (time <= start || time > end || at(events.bits, event) & stepBits) continue;
    const name = (values[event] ?? '').split('\n', 1)[0];
    if (name) features.add(`e:${name}`);
  }
  return features;
}

function toRow(
  feature: string,
  { converted, others }: { converted: number; others: number },
  totals: { converted: number; others: number },
): SeparatorRow {
  const isEvent = feature.startsWith('e:');
  const cut = isEvent ? feature.length : feature.indexOf('=');
  const { ratio, low, high } = oddsRatio(converted, totals.converted, others, totals.others);
  return {
    kind: isEvent ? 'event' : 'property',
    name: feature.slice(2, cut),
    value: feature.slice(cut + 1),
    converted,
    converted_total: totals.converted,
    others,
    others_total: totals.others,
    odds_ratio: ratio,
    odds_low: low,
    odds_high: high,
  };
}

/** How many standard errors the ratio's logarithm lies away from none. */
function sureness({ odds_ratio: ratio, odds_low: low, odds_high: high }: SeparatorRow): number {
  return Math.abs(Math.log(ratio)) / (Math.log(high) - Math.log(low));
}
