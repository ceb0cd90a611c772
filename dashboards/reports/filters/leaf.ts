/** One filter: a field, an operator, values. */
import { z } from 'zod';
import { type Field, fieldShape } from '../dimensions.ts';

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

export type FilterLeaf = { field: Field; operator: Operator; values: string[] };

export const leafShape = z
  .strictObject({
    field: fieldShape,
    operator: z
      .enum(OPERATORS)
      .describe(
        '`is` one of the values; `matches`: RE2, anywhere in the text; `between`: both ends belong to it. The negative ones mean: nothing of the kind.',
      ),
    values: z.array(z.string().max(1000)).max(100).default([]),
  })
  .superRefine(({ operator, values }, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['values'], message });
    const count = values.length;
    if (operator === 'is_set' || operator === 'is_not_set') {
      if (count > 0) refuse(`Expected no values for "${operator}", found ${count}`);
    } else if (operator === 'between') {
      if (count !== 2) refuse(`Expected two numbers for "between", found ${count} values`);
    } else if (count === 0) refuse(`Expected at least one value for "${operator}"`);
    if (['greater', 'less', 'between'].includes(operator)) {
      for (const value of values)
        if (!isNumber(value)) refuse(`Expected a number, found ${JSON.stringify(value)}`);
    }
    if (operator === 'matches') {
      for (const value of values) {
        const wrong = whatIsWrongWith(value);
        if (wrong) refuse(`Expected a regular expression (RE2), found ${JSON.stringify(value)}: ${wrong}`);
      }
    }
  });

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

/** RE2 has no look-around and no back-references; the rest of its mistakes are JavaScript's too. */
export function whatIsWrongWith(pattern: string): string | undefined {
  if (/\(\?<?[=!]/.test(pattern)) return 'look-around is not supported';
  if (/\\[1-9]/.test(pattern)) return 'back-references are not supported';
  try {
    new RegExp(pattern.replace(/^\(\?[ims]+\)/, ''));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
