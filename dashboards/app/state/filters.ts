import type { Field } from '../../reports/dimensions.ts';
import { isField } from './fields.ts';

/** One condition on the sessions, events or persons counted, as it stands in the URL: `source:is:google,bing`. */
export type Filter = { field: Field; operator: Operator; values: string[] };

export const OPERATORS = [
  'is',
  'is_not',
  'contains',
  'does_not_contain',
  'matches',
  'is_set',
  'is_not_set',
  'greater',
  'less',
  'between',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** Colon and comma part the pieces, so inside a piece they are escaped. */
const escapePiece = (text: string) => text.replace(/[%:,]/g, (sign) => encodeURIComponent(sign));

export function writeFilter({ field, operator, values }: Filter): string {
  return [escapePiece(field), operator, values.map(escapePiece).join(',')].join(':');
}

/** Undefined for what is no filter: a mistyped link loses that filter, not the page. */
export function parseFilter(text: string): Filter | undefined {
  const [escapedField = '', operator, values] = text.split(':');
  if (values === undefined || !isOperator(operator)) return undefined;
  try {
    const field = decodeURIComponent(escapedField);
    if (!isField(field)) return undefined;
    return {
      field,
      operator,
      values: values === '' && takesNoValue(operator) ? [] : values.split(',').map(decodeURIComponent),
    };
  } catch {
    // decodeURIComponent throws on a stray "%".
    return undefined;
  }
}

export function takesNoValue(operator: Operator): boolean {
  return operator === 'is_set' || operator === 'is_not_set';
}

export function isOperator(text: unknown): text is Operator {
  return OPERATORS.some((operator) => operator === text);
}

/** Adds a value to the filter on this field, or makes one; a value that is there already is taken away. */
export function toggleValue(filters: readonly Filter[], field: Field, value: string): Filter[] {
  const at = filters.findIndex((one) => one.field === field && one.operator === 'is');
  const found = filters[at];
  if (!found) return [...filters, { field, operator: 'is', values: [value] }];
  const values = found.values.includes(value)
    ? found.values.filter((one) => one !== value)
    : [...found.values, value];
  return values.length > 0 ? filters.with(at, { ...found, values }) : filters.toSpliced(at, 1);
}
