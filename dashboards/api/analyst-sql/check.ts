/**
 * Whether an analyst's query stays within the site's own views. Judged is what ClickHouse itself understood of it (`EXPLAIN
 * AST`), never the text: each node must be of a kind, a table and a function on a closed list.
 */
import { isAllowedFunction } from './functions.ts';

const NODES = new Set([
  'SelectWithUnionQuery',
  'SelectIntersectExceptQuery',
  'SelectQuery',
  'ExpressionList',
  'TablesInSelectQuery',
  'TablesInSelectQueryElement',
  'TableExpression',
  'TableIdentifier',
  'TableJoin',
  'ArrayJoin',
  'Identifier',
  'Function',
  'Literal',
  'Asterisk',
  'QualifiedAsterisk',
  'ColumnsExceptTransformer',
  'ColumnsReplaceTransformer',
  'ColumnsTransformerList',
  'ReplaceColumn',
  'Subquery',
  'OrderByElement',
  'WithElement',
  'WindowDefinition',
  'WindowListElement',
]);

export type Allowed = {
  /** Views that are the site's own. */
  views: readonly string[];
  /** Names of what is really there: none of them may be spoken of, not even as a part of a name. */
  hidden: readonly string[];
};

/** What is wrong with the query, as a sentence; undefined if nothing is. `ast` has a node per line. */
export function whatIsForbidden(ast: readonly string[], { views, hidden }: Allowed): string | undefined {
  for (const line of ast) {
    const [, node = '', rest = ''] = /^\s*(\w+)(.*)$/.exec(line) ?? [];
    const name = rest
      .replace(/\(children \d+\)\s*$/, '')
      .replace(/\(alias .*\)\s*$/, '')
      .trim();
    if (!NODES.has(node))
      return `Expected a plain SELECT, found "${node}"${node === 'Set' ? ' (SETTINGS are not yours to change)' : ''}`;
    if (node === 'Function' && !isAllowedFunction(name))
      return `The function "${name}" is not among those that may be called here`;
    if (node === 'TableIdentifier') {
      // Names that are not there at all fail by themselves; those of the query's own WITH are fine.
      if (!/^[a-z_]\w*$/i.test(name) || hidden.includes(name.toLowerCase())) return unknownTable(name, views);
    }
    if (node === 'Identifier' && name.split('.').some((part) => hidden.includes(part.toLowerCase())))
      return unknownTable(name, views);
  }
  return undefined;
}

function unknownTable(name: string, views: readonly string[]): string {
  return `There is no "${name}" here: there are the views ${views.join(' and ')}`;
}
