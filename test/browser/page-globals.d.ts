/** The tag's global, as the pages under test see it. */
declare const footfall: {
  track(name: string, properties?: object, details?: object): void;
  page(properties?: object, url?: string): void;
  identify(id: string | number, traits?: object): void;
  group(id: string | number, traits?: object): void;
  reset(): void;
  consent(state: 'granted' | 'denied'): void;
  properties(properties: object): void;
  before(hook: (event: Record<string, unknown>) => unknown): void;
};
