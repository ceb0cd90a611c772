export const SETTINGS_TABS = [
  'install',
  'goals',
  'plan',
  'collection',
  'members',
  'keys',
  'audit',
  'account',
] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

/** `of`: the audit log of all sites, or of this one alone. */
export type SettingsSearch = { tab?: SettingsTab | undefined; of?: 'site' | undefined };

export function parseSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = SETTINGS_TABS.find((one) => one === search.tab);
  return { ...(tab ? { tab } : {}), ...(search.of === 'site' ? { of: 'site' } : {}) };
}
