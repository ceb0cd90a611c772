import { watchClicks } from './clicks.ts';
import { watchEngagement } from './engagement.ts';
import { guard, listen } from './guard.ts';
import { watchPages } from './page-views.ts';
import type { ReadSetting } from './settings.ts';
import { createTracker } from './tracker.ts';

guard(() => {
  const script = (document.currentScript ||
    document.querySelector('script[data-site],script[src*="site="]')) as HTMLScriptElement;
  const source = new URL(script.src || 'about:');
  const read: ReadSetting = (name) => script.getAttribute(`data-${name}`) ?? source.searchParams.get(name);
  const tracker = createTracker(read, read('endpoint') || new URL('events', source).href);
  const startPages = watchPages(tracker);
  // biome-ignore
  const w = window as any;
  const name = read('global') || 'footfall';
  const old = w[name];
  if (old?.site === read('site')) return;
  const calls: [string, ...unknown[]][] = [...(old || [])];
  let ready = false;
  const methods: any = {
    track(name: string, properties: object, options: object) {
      tracker.recordEvent('custom', { name: name.slice(0, 100), ...options }, { ...properties });
    },
    page(properties: object, options: any) {
      tracker.showPage(options?.url || location.href, options, { ...properties });
    },
    identify: tracker.identify,
    group: tracker.group,
    reset: tracker.reset,
    consent: tracker.setConsent,
  };
  const api: any = { site: read('site') };
  for (const name in methods)
    api[name] = (...args: unknown[]) => {
      ready ? guard(methods[name])(...args) : calls.push([name, ...args]);
    };
  w[name] = api;
  const start = guard(() => {
    ready = true;
    watchEngagement(tracker);
    watchClicks(tracker);
    listen(window, 'visibilitychange pagehide', () => {
      tracker.leavePage();
      tracker.flushEvents();
    });
    const run = (late: boolean) => {
      for (const [name, ...args] of calls) if ((name === 'track') === late) api[name](...args);
    };
    run(false);
    if (read('manual') == null) startPages();
    run(true);
    tracker.flushEvents();
  });
  // @ts-expect-error
  document.prerendering ? listen(document, 'prerenderingchange', start) : setTimeout(start);
})();
