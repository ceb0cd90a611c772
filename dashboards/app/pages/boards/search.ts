/** Which board is open. */
export type BoardsSearch = { board?: string | undefined };

export function parseBoardsSearch(search: Record<string, unknown>): BoardsSearch {
  return typeof search.board === 'string' ? { board: search.board } : {};
}
