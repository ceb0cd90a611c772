/** The table `events` as the site's rules have it read: under the names they give, without what they exclude. */
import { allOf, anyOf, bind, joinSql, type Sql, sql } from '../../sql.ts';
import { pathSql } from '../conditions.ts';
import { type EventColumn, eventColumn } from '../events/columns.ts';
import { eventTest } from '../filters/event-tests.ts';
import { wildcardToRegex } from '../wildcard.ts';
import type { EventRules, ExclusionRule, PageGroup, Renamed } from './rules.ts';

type Ruled = { rules?: EventRules | undefined };

/** What stands after FROM. As long as no rule renames or excludes, the table itself; tables made of events serve as well. */
export function eventsOf({ rules }: Ruled): Sql {
  const replaced = rules ? replacements(rules) : [];
  if (replaced.length === 0 && !hasExclusions({ rules })) return sql`events`;
  const columns = replaced.length === 0 ? sql`*` : sql`* REPLACE (${joinSql(replaced)})`;
  return sql`(SELECT ${columns} FROM (SELECT * FROM events WHERE NOT ${isExcluded({ rules })}) AS events) AS events`;
}

/** Whether some events do not count: then no table that was made of all events tells the truth. */
export function hasExclusions({ rules }: Ruled): boolean {
  return (rules?.exclusions ?? []).length > 0;
}

/** A column of `eventsOf`, under its name. */
export function columnOf(column: EventColumn, { rules }: Ruled): Sql {
  if (column === 'page_group') return sql`${pageGroupOf(rules?.pageGroups ?? [])} AS page_group`;
  if (column === 'is_listed') return sql`${isListed(rules?.hiddenEvents ?? [])} AS is_listed`;
  return eventColumn(column);
}

/** The name of the first group that the path fits; '' for none. */
export function pageGroupOf(groups: readonly PageGroup[]): Sql {
  if (groups.length === 0) return sql`''`;
  const cases = groups.map(
    ({ name, patterns }) => sql`${anyOf(patterns.map(pathSql))}, ${bind('group', 'String', name)}`,
  );
  return sql`multiIf(${joinSql(cases)}, '')`;
}

function isListed(hidden: readonly string[]): Sql {
  return hidden.length === 0
    ? sql`true`
    : sql`NOT has(${bind('hidden', 'Array(String)', hidden)}, toString(name))`;
}

/** True for the rows of the table `events` that do not count. */
export function isExcluded({ rules }: Ruled): Sql {
  return anyOf((rules?.exclusions ?? []).map(exclusionTest));
}

/** True for the rows of the table `events` that a rule takes out. */
export function exclusionTest(rule: ExclusionRule): Sql {
  switch (rule.reason) {
    case 'path':
      return pathSql(rule.page);
    case 'host':
      return sql`match(toString(hostname), ${bind('hostname', 'String', wildcardToRegex(rule.hostname))})`;
    default:
      return allOf(rule.filters.map(eventTest));
  }
}

function replacements({ events, properties }: EventRules): Sql[] {
  return [
    ...(events.sent.length > 0
      ? [
          sql`if(kind = 'custom', transform(toString(name), ${names('sent', events)}, toString(name)), toString(name)) AS name`,
        ]
      : []),
    ...(properties.sent.length > 0
      ? [
          sql`${renamedKeys(sql`properties`, properties)} AS properties`,
          sql`${renamedKeys(sql`numeric_properties`, properties)} AS numeric_properties`,
        ]
      : []),
  ];
}

/** What bears the new name already keeps it. */
function renamedKeys(map: Sql, renamed: Renamed): Sql {
  const sent = bind('sent_properties', 'Array(String)', renamed.sent);
  return sql`if(hasAny(mapKeys(${map}), ${sent}), mapUpdate(
      mapApply((key, value) -> (transform(toString(key), ${names('sent_properties', renamed)}, toString(key)), value), mapFilter((key, value) -> has(${sent}, toString(key)), ${map})),
      mapFilter((key, value) -> NOT has(${sent}, toString(key)), ${map})
    ), ${map})`;
}

function names(name: 'sent' | 'sent_properties', { sent, called }: Renamed): Sql {
  return sql`${bind(name, 'Array(String)', sent)}, ${bind('called', 'Array(String)', called)}`;
}
