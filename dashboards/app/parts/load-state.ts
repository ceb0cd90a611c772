import type { UseQueryResult } from '@tanstack/react-query';
import { ApiError } from '../api/request.ts';

/** Something on its way to the screen. There is no fourth case: no `data` beside an `error`, no spinner over nothing. */
export type LoadState<Answer> =
  /** `old` is the answer to the question before, to be shown dimmed. */
  | { status: 'loading'; old: Answer | undefined }
  | { status: 'failed'; message: string; retry: () => void }
  | { status: 'ready'; answer: Answer };

/** `offline` is what to say where the server gave no reason. */
export function toLoadState<Answer>(query: UseQueryResult<Answer>, offline: string): LoadState<Answer> {
  if (query.isPlaceholderData) return { status: 'loading', old: query.data };
  if (query.data !== undefined) return { status: 'ready', answer: query.data };
  if (query.error && !query.isFetching) {
    const message = query.error instanceof ApiError && query.error.message ? query.error.message : offline;
    return { status: 'failed', message, retry: () => void query.refetch() };
  }
  return { status: 'loading', old: undefined };
}
