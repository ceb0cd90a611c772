/** One of the lists that a funnel's answer holds, by itself: what a file can hold. */
import { ReportError } from '../report.ts';
import type { FunnelAnswer } from './answer.ts';
import { decideAll, type FunnelWorld, toDefinition } from './decide-all.ts';
import type { FunnelParameters } from './parameters.ts';
import { createPeopleFile, peopleValues } from './people-file.ts';
import { answerFunnel, type FunnelContext } from './report.ts';

export const FUNNEL_LISTS = ['people', 'breakdown', 'trend', 'histogram', 'next', 'separators'] as const;
type FunnelList = (typeof FUNNEL_LISTS)[number];

/** Without `list` the bars. Throws ReportError where the list was not asked for, or there is none of the name. */
export async function listOfFunnel(
  parameters: FunnelParameters,
  context: FunnelContext,
  world: FunnelWorld,
  list?: string,
): Promise<object[]> {
  if (list === undefined)
    return (await answerFunnel({ ...parameters, ...NOTHING_ELSE }, context, world)).rows;
  if (!isList(list))
    throw new ReportError(
      'list',
      `Expected one of ${FUNNEL_LISTS.join(', ')}, found ${JSON.stringify(list)}`,
    );
  if (list !== 'histogram' && !parameters[list])
    throw new ReportError(list, `Expected "${list}" in the question, for it is to be listed`);
  if (list === 'people') return allPeople(parameters, context, world);
  const alone = list === 'histogram' ? {} : { [list]: parameters[list] };
  return rowsOf(await answerFunnel({ ...parameters, ...NOTHING_ELSE, ...alone }, context, world), list);
}

/** The question after what its bars need. */
const NOTHING_ELSE = {
  breakdown: undefined,
  trend: undefined,
  people: undefined,
  next: undefined,
  separators: undefined,
  comparison: undefined,
};

function isList(list: string): list is FunnelList {
  return FUNNEL_LISTS.some((one) => one === list);
}

/** The bars of a group bear its value. */
function rowsOf(answer: FunnelAnswer, list: Exclude<FunnelList, 'people'>): object[] {
  if (list !== 'breakdown') return answer[list] ?? [];
  return (answer.breakdown ?? []).flatMap(({ value, is_rest, rows }) =>
    rows.map((row) => ({ value, is_rest, ...row })),
  );
}

async function allPeople(
  parameters: FunnelParameters,
  { scope }: FunnelContext,
  world: FunnelWorld,
): Promise<object[]> {
  const people = createPeopleFile(toDefinition(parameters), parameters);
  const shape = { hasSubject: true, values: peopleValues(parameters), hasMoney: false };
  await decideAll({ scope, parameters, shape }, world, people.add);
  return people.rows();
}
