import type { BreakdownRow } from '../../../reports/breakdown/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared, unfiltered } from '../../api/parameters.ts';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import type { SuggestionGroup } from '../../parts/suggest-field.tsx';
import { useView } from '../../state/use-view.ts';

const MOST = 200;

/** The site's own events and pages of the period, the most frequent first; `*` in a page stands for any text. */
export function useSuggestions(): SuggestionGroup[] {
  const { words, format } = useSpeech();
  const view = useView();
  const asked = { ...shared(unfiltered(view)), limit: MOST };
  const events = useReport<ReportAnswer<BreakdownRow>>(view.site.site_id, 'breakdown', {
    ...asked,
    dimension: 'event',
  });
  const pages = useReport<ReportAnswer<BreakdownRow>>(view.site.site_id, 'breakdown', {
    ...asked,
    dimension: 'page',
  });
  const items = (state: typeof events) =>
    state.status === 'ready'
      ? state.answer.rows
          .filter(({ value }) => value !== '')
          .map(({ value, visitors }) => ({ value, note: format.compact(visitors) }))
      : [];
  return [
    { label: words.overview.events, items: items(events) },
    {
      label: words.overview.pages,
      items: items(pages),
      takesWildcard: true,
      isCut: items(pages).length === MOST,
    },
  ].filter((group) => group.items.length > 0);
}
