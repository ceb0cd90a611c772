/**
 * SQL put together from parts that cannot carry anything else: the holes of the tag take other parts and nothing more,
 * so a plain string does not compile. Whatever a reader sends is bound (`{name:Type}`), never written into the text.
 */
const made: unique symbol = Symbol('made by sql.ts');

/** A piece of SQL. Only this file makes them: by the tag, by `bind`, and by lists of identifiers known beforehand. */
export type Sql = { readonly [made]: readonly Part[] };

type Part = string | Binding;
type Binding = { readonly name: string; readonly type: string; readonly value: unknown };

/** The ClickHouse types that values are bound as. */
export type BoundType =
  | 'String'
  | 'Bool'
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'Int64'
  | 'Float64'
  | 'UUID'
  | 'Array(String)'
  | 'Array(UInt8)'
  | 'Array(UInt16)'
  | 'Array(UInt32)'
  | 'Array(UInt64)'
  | 'Array(Int64)'
  | 'Array(Float64)'
  | 'Array(Array(String))';

/** Text is taken as it stands in our own source; each hole is another part. */
export function sql(text: TemplateStringsArray, ...holes: readonly Sql[]): Sql {
  return { [made]: text.flatMap((piece, index) => [piece, ...(holes[index]?.[made] ?? [])]) };
}

/**
 * A value, bound under a name. The name is for whoever reads the query: if another value bears it already, this one
 * gets a number behind it.
 */
export function bind(name: string, type: BoundType, value: unknown): Sql {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`Not a name for a bound value: ${name}`);
  return { [made]: [{ name, type, value }] };
}

/** A chooser of identifiers out of a closed list: what is not in the list does not compile, and throws if forced. */
export function identifiers<const Name extends string>(names: readonly Name[]): (name: Name) => Sql {
  const known = new Map(names.map((name): [string, Sql] => [name, { [made]: [plainIdentifier(name)] }]));
  return (name) => {
    const found = known.get(name);
    if (!found) throw new Error(`Not an identifier of the list: ${name}`);
    return found;
  };
}

export function joinSql(parts: readonly Sql[], separator: Sql = sql`, `): Sql {
  return {
    [made]: parts.flatMap((part, index) => (index === 0 ? part[made] : [...separator[made], ...part[made]])),
  };
}

/** All of them; true where there are none. */
export function allOf(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql`true` : sql`(${joinSql(parts, sql` AND `)})`;
}

/** One of them; false where there are none. */
export function anyOf(parts: readonly Sql[]): Sql {
  return parts.length === 0 ? sql`false` : sql`(${joinSql(parts, sql` OR `)})`;
}

export type RenderedSql = { text: string; parameters: Record<string, unknown> };

/** The text with its placeholders, and the values that belong to them. Equal values under one name are bound once. */
export function renderSql(query: Sql): RenderedSql {
  const taken = new Map<string, { key: string; value: unknown }>();
  const text = query[made]
    .map((part) => (typeof part === 'string' ? part : placeholder(part, taken)))
    .join('');
  return {
    text: tidy(text),
    parameters: Object.fromEntries([...taken].map(([name, { value }]) => [name, value])),
  };
}

/** One text that any client takes as it stands, for a reader. We ourselves never run it: values belong in parameters. */
export function renderWithValues(query: Sql): string {
  return tidy(query[made].map((part) => (typeof part === 'string' ? part : literal(part))).join(''));
}

function literal({ type, value }: Binding): string {
  const text = literalText(value);
  return type === 'String' ? text : `CAST(${text}, '${type}')`;
}

function literalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literalText).join(', ')}]`;
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** No line ends within: they would be tidied. */
function quoted(text: string): string {
  const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\0': '\\0' };
  return `'${text.replace(/[\\']/g, '\\$&').replace(/[\n\r\t\0]/g, (sign) => named[sign] ?? '')}'`;
}

function placeholder(part: Binding, taken: Map<string, { key: string; value: unknown }>): string {
  const key = `${part.type} ${JSON.stringify(part.value)}`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? part.name : `${part.name}_${number}`;
    const other = taken.get(name);
    if (other && other.key !== key) continue;
    taken.set(name, { key, value: part.value });
    return `{${name}:${part.type}}`;
  }
}

/** Empty lines come from holes that stay empty. */
function tidy(text: string): string {
  return text
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function plainIdentifier(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name)) throw new Error(`Not a plain identifier: ${name}`);
  return name;
}
