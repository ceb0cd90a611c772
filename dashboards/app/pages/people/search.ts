/** Whose timeline is open, and what the list is searched for. */
export type PeopleSearch = { person?: string | undefined; find?: string | undefined };

export function parsePeopleSearch(search: Record<string, unknown>): PeopleSearch {
  return {
    ...(typeof search.person === 'string' && search.person !== '' ? { person: search.person } : {}),
    ...(typeof search.find === 'string' && search.find !== '' ? { find: search.find } : {}),
  };
}
