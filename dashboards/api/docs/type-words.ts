/** A JSON schema in a few words, as one would write it in a type: `"first" | "last"`, `{ from: date, to: date }[]`. */

export type Schema = {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  required?: readonly string[];
  description?: string;
  default?: unknown;
  format?: string;
  minimum?: number;
  maximum?: number;
};
export type Schemas = Record<string, Schema>;

/** What a reference leads to, with what stands beside the reference. */
export function resolve(schema: Schema, schemas: Schemas): Schema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...beside } = schema;
  const found = schemas[$ref.replace('#/components/schemas/', '')];
  return found ? { ...resolve(found, schemas), ...beside } : beside;
}

/** So many values of a long list stand for all. */
const MOST_VALUES = 12;

/** Objects within objects, `depth` deep; below that their fields are named and no more. */
export function typeWords(
  asked: Schema,
  schemas: Schemas,
  depth = 1,
  within: readonly string[] = [],
): string {
  if (asked.$ref && within.includes(asked.$ref)) return '…';
  const inside = asked.$ref ? [...within, asked.$ref] : within;
  const schema = resolve(asked, schemas);
  const variants = variantsOf(schema);
  if (variants)
    return [...new Set(variants.map((one) => typeWords(one, schemas, depth, inside)))].join(' | ');
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return enumWords(schema.enum);
  if (schema.items) return `${bracketed(typeWords(schema.items, schemas, depth, inside))}[]`;
  if (schema.properties) return objectWords(schema, schemas, depth, inside);
  if (typeof schema.additionalProperties === 'object')
    return `{ [name]: ${typeWords(schema.additionalProperties, schemas, depth - 1, inside)} }`;
  if (schema.format) return schema.format;
  return schema.type === undefined ? 'any' : [schema.type].flat().join(' | ');
}

export function variantsOf({ anyOf, oneOf, allOf }: Schema): Schema[] | undefined {
  return anyOf ?? oneOf ?? (allOf?.length === 1 ? allOf : undefined);
}

function enumWords(values: readonly unknown[]): string {
  const words = values.slice(0, MOST_VALUES).map((value) => JSON.stringify(value));
  return [...words, ...(values.length > MOST_VALUES ? ['…'] : [])].join(' | ');
}

function objectWords(
  { properties = {}, required = [] }: Schema,
  schemas: Schemas,
  depth: number,
  within: readonly string[],
): string {
  const fields = Object.entries(properties).map(([name, field]) => {
    const key = required.includes(name) ? name : `${name}?`;
    return depth > 0 ? `${key}: ${typeWords(field, schemas, depth - 1, within)}` : key;
  });
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}

function bracketed(words: string): string {
  return / \| /.test(words) && !/^\{[^{}]*\}$/.test(words) ? `(${words})` : words;
}
