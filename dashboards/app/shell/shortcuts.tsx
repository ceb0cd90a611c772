import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { neighbour } from '../state/period.ts';
import { readPreferences } from '../state/preferences.ts';
import { CUSTOM_FROM, PERIOD_BOX, toShortcut } from '../state/shortcuts.ts';
import { useView } from '../state/use-view.ts';
import { sharedSearch, toSearch } from '../state/view.ts';

/**
 * Listens for the single-key shortcuts while a report page is open. They can be switched off (WCAG 2.1.4).
 * A page without a period leaves to one that has it.
 */
export function Shortcuts({ leavesTo }: { leavesTo?: '/sites/$site/overview' }) {
  const view = useView();
  const navigate = useNavigate();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const asked = toShortcut(event);
      if (asked === undefined || event.defaultPrevented || !readPreferences().hasShortcuts) return;
      if (typeof asked === 'object' && leavesTo)
        void navigate({
          to: leavesTo,
          params: { site: view.site.site_id },
          search: (before) => ({ ...sharedSearch(before), ...toSearch({ period: asked.preset }) }),
        });
      else if (leavesTo) return;
      else if (typeof asked === 'object') view.change({ period: asked.preset });
      else if (asked === 'custom') openCustomRange();
      else if (asked === 'live')
        void navigate({ to: '/sites/$site/live', params: { site: view.site.site_id } });
      else if (asked === 'compare')
        view.change({ comparison: view.comparison === 'off' ? 'previous_period' : 'off' });
      else if (asked === 'earlier') view.change({ period: neighbour(view.range, -1) });
      else if (asked === 'later' && view.range.to < view.today)
        view.change({ period: neighbour(view.range, 1) });
      else if (asked === 'clear') view.change({ filters: [], segments: [], goal: undefined });
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [view, navigate, leavesTo]);
  return null;
}

/** The field is made when the menu opens, and takes the focus after the menu has given it to its first item. */
function openCustomRange() {
  const menu = document.getElementById(PERIOD_BOX);
  menu?.addEventListener('toggle', () => setTimeout(() => document.getElementById(CUSTOM_FROM)?.focus()), {
    once: true,
  });
  menu?.showPopover();
}
