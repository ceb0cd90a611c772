/** What one person likes on one device. It says nothing about what is shown, so it is not in the URL. */
export type Preferences = { theme: Theme; locale: string; hasShortcuts: boolean };

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'footfall';

export function readPreferences(): Preferences {
  const { theme, locale, hasShortcuts } = stored();
  return {
    theme: THEMES.find((one) => one === theme) ?? 'system',
    locale: typeof locale === 'string' ? locale : navigator.language,
    hasShortcuts: hasShortcuts !== false,
  };
}

export function savePreferences(change: Partial<Preferences>): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...stored(), ...change }));
  } catch {
    // Storage may be blocked or full: the choice then lasts as long as the page.
  }
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme');
  else document.documentElement.dataset.theme = theme;
}

function stored(): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    // Blocked storage, or something else has written there.
    return {};
  }
}
