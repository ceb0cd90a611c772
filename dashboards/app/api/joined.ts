import type { LoadState } from '../parts/load-state.ts';
import { ApiError } from './request.ts';

export type OneQuery<Answer> = { data: Answer | undefined; error: Error | null; refetch: () => unknown };

/** Several questions as one: ready once all are. `offline` is what to say where the server gave no reason. */
export function joined<Answer>(queries: OneQuery<Answer>[], offline: string): LoadState<Answer[]> {
  const failed = queries.find((query) => query.error && !query.data);
  if (failed?.error) {
    const retry = () => {
      for (const query of queries) if (query.error) query.refetch();
    };
    const said = failed.error instanceof ApiError ? failed.error.message : '';
    return { status: 'failed', message: said || offline, retry };
  }
  const answers = queries.flatMap((query) => query.data ?? []);
  return answers.length === queries.length
    ? { status: 'ready', answer: answers }
    : { status: 'loading', old: undefined };
}
