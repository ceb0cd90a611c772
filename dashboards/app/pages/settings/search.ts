export const SETTINGS_TABS = ['install', 'goals', 'collection', 'keys', 'account'] as const;
export type SettingsTab = (typeof SETTINGS_TABS)[number];

export type SettingsSearch = { tab?: SettingsTab | undefined };

export function parseSettingsSearch(search: Record<string, unknown>): SettingsSearch {
  const tab = SETTINGS_TABS.find((one) => one === search.tab);
  return tab ? { tab } : {};
}
