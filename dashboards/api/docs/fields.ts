/** The fields of what is asked and answered, each with its type, whether it must be there, and what it means. */
import { html } from 'hono/html';
import { resolve, type Schema, type Schemas, typeWords, variantsOf } from './type-words.ts';

/** So deep fields have lists of their own; filters hold filters. */
const DEEPEST = 3;

export type Html = ReturnType<typeof html>;

/** What a page has told so far, as types and where: what many endpoints share, filters above all, is told once. */
export type Telling = { schemas: Schemas; told: Map<string, string> };
/** A type of fewer signs is quicker read again than followed. */
const WORTH_A_LINK = 400;
const LONG_TYPE = 200;

/** Empty where there is nothing but a number or a text. */
export function fieldList(asked: Schema, telling: Telling, depth = 0): Html | '' {
  const shapes = objectsIn(asked, telling.schemas);
  if (shapes.length === 0 || depth >= DEEPEST) return '';
  return html`${shapes.map(
    (shape) =>
      html`<dl>${Object.entries(shape.properties ?? {}).map(([name, field]) =>
        fieldEntry(name, field, shape.required?.includes(name) ?? false, telling, depth),
      )}</dl>`,
  )}`;
}

function fieldEntry(name: string, field: Schema, isRequired: boolean, telling: Telling, depth: number): Html {
  const whole = resolve(field, telling.schemas);
  return html`<dt><code>${name}</code>${isRequired ? html` <span class="must">required</span>` : ''}
      <code class="type">${briefType(field, telling.schemas)}</code></dt>
    <dd>${[ended(whole.description ?? ''), boundsOf(whole), defaultOf(whole)].filter(Boolean).join(' ')} ${fieldsWithin(name, field, telling, depth)}</dd>`;
}

/** More may follow. */
function ended(sentence: string): string {
  return /[^.?!:;…]$/.test(sentence) ? `${sentence}.` : sentence;
}

/** Fields have entries of their own: a long type only names them. */
function briefType(field: Schema, schemas: Schemas): string {
  const words = typeWords(field, schemas);
  return words.length > LONG_TYPE ? typeWords(field, schemas, 0) : words;
}

function fieldsWithin(name: string, field: Schema, telling: Telling, depth: number): Html | '' {
  const type = typeWords(field, telling.schemas, DEEPEST);
  const known = telling.told.get(type);
  if (known) return html`<a href="#${known}">Its fields</a> are told there.`;
  const inner = fieldList(field, telling, depth + 1);
  if (inner === '') return '';
  const id =
    type.length > WORTH_A_LINK && !telling.told.has(type) ? `fields-${telling.told.size + 1}` : undefined;
  if (id) telling.told.set(type, id);
  return html`<details${id ? html` id="${id}"` : ''}><summary>Fields of <code>${name}</code></summary>${inner}</details>`;
}

/** The objects that a value may be, or hold as items: those of a list, the variants of a choice. */
function objectsIn(asked: Schema, schemas: Schemas, within: readonly string[] = []): Schema[] {
  if (asked.$ref && within.includes(asked.$ref)) return [];
  const inside = asked.$ref ? [...within, asked.$ref] : within;
  const schema = resolve(asked, schemas);
  const variants = variantsOf(schema) ?? (schema.items ? [schema.items] : undefined);
  if (variants) return variants.flatMap((one) => objectsIn(one, schemas, inside));
  return schema.properties && Object.keys(schema.properties).length > 0 ? [schema] : [];
}

/** Numbers beyond what a double holds exactly are no bounds that anybody set. */
function boundsOf({ minimum, maximum }: Schema): string {
  const isSet = (bound: number | undefined): bound is number =>
    bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (isSet(minimum) && isSet(maximum)) return `From ${minimum} to ${maximum}.`;
  if (isSet(minimum)) return minimum === 0 ? '' : `At least ${minimum}.`;
  return isSet(maximum) ? `At most ${maximum}.` : '';
}

function defaultOf({ default: value }: Schema): string {
  return value === undefined ? '' : `Default: ${JSON.stringify(value)}.`;
}
