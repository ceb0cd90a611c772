import { ApiError } from '../api/request.ts';

/** Something on its way to the screen. There is no fourth case: no `data` beside an `error`, no spinner over nothing. */
export type LoadState<Answer> =
  /** `old` is the answer to the question before, to be shown dimmed. */
  | { status: 'loading'; old: Answer | undefined }
  | { status: 'failed'; message: string; retry: () => void }
  | { status: 'ready'; answer: Answer };

/** What is asked of a query's result, so that those of several pages serve too. */
type Asked<Answer> = {
  data: Answer | undefined;
  error: Error | null;
  isFetching: boolean;
  isPlaceholderData: boolean;
  refetch: () => unknown;
};

/** `offline` is what to say where the server gave no reason. */
export function toLoadState<Answer>(query: Asked<Answer>, offline: string): LoadState<Answer> {
  if (query.isPlaceholderData) return { status: 'loading', old: query.data };
  if (query.data !== undefined) return { status: 'ready', answer: query.data };
  if (query.error && !query.isFetching) {
    const message = query.error instanceof ApiError && query.error.message ? query.error.message : offline;
    return { status: 'failed', message, retry: () => void query.refetch() };
  }
  return { status: 'loading', old: undefined };
}
