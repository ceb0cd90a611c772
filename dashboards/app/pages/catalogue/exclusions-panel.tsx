import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ExclusionRule } from '../../../reports/rules/rules.ts';
import { nameOfField, nameOfValue } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { meQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { takesNoValue } from '../../state/filters.ts';
import { useView } from '../../state/use-view.ts';
import { ExclusionForm } from './exclusion-form.tsx';
import { toPatternText } from './patterns.ts';
import { useCatalogueWords } from './words.ts';

export type StoredExclusion = ExclusionRule & { id: string };

const pathOf = (site: string) => `/api/sites/${encodeURIComponent(site)}/catalogue`;

/** What counts in no report, the past included; each exclusion can be taken back. */
export function ExclusionsPanel() {
  const { exclusions: words, tabs } = useCatalogueWords();
  const { words: common } = useSpeech();
  const { site } = useView();
  const queries = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const [isOpen, setOpen] = useState(false);
  const mayChange = me?.role === 'owner' || me?.role === 'admin';
  const query = useQuery({
    queryKey: ['exclusions', site.site_id],
    queryFn: ({ signal }) =>
      request<{ exclusions: StoredExclusion[] }>(`${pathOf(site.site_id)}/rules`, { signal }).then(
        ({ exclusions }) => exclusions,
      ),
  });
  // Every report counts anew.
  const refresh = () => queries.invalidateQueries();
  const remove = useMutation({
    mutationFn: (id: string) =>
      request<void>(`${pathOf(site.site_id)}/exclusions/${id}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
  const make = (
    <button type="button" className="button small" onClick={() => setOpen(true)}>
      <Icon name="plus" />
      {words.make}
    </button>
  );
  return (
    <>
      <ReportCard
        title={tabs.exclusions}
        tools={mayChange && make}
        height={200}
        state={toLoadState(query, common.failed.offline)}
        isEmpty={(answer) => answer.length === 0}
        empty={
          <div className="message">
            <strong>{words.none}</strong>
            <span>{words.noneHint}</span>
          </div>
        }
      >
        {(answer) => (
          <ul className="lines">
            {answer.map((rule) => (
              <Exclusion
                key={rule.id}
                rule={rule}
                onRemove={mayChange ? () => remove.mutate(rule.id) : undefined}
              />
            ))}
          </ul>
        )}
      </ReportCard>
      {remove.error && <p className="wrong">{remove.error.message || common.failed.offline}</p>}
      <p className="hint">{mayChange ? words.hint : words.only}</p>
      {isOpen && (
        <Dialog title={words.make} onClose={() => setOpen(false)}>
          <ExclusionForm
            onDone={() => {
              setOpen(false);
              void refresh();
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Exclusion({ rule, onRemove }: { rule: StoredExclusion; onRemove: (() => void) | undefined }) {
  const { exclusions: words } = useCatalogueWords();
  const said = useSaidRule()(rule);
  return (
    <li>
      <strong>{words.reasons[rule.reason]}</strong>
      <code className="quiet">{said}</code>
      {onRemove && (
        <button
          type="button"
          className="icon-button"
          aria-label={words.includeAgain(said)}
          title={words.includeAgain(said)}
          onClick={onRemove}
        >
          <Icon name="trash" />
        </button>
      )}
    </li>
  );
}

/** "/old/*", "*.staging.example.com", "Browser is HeadlessChrome and Country is Ireland". */
function useSaidRule() {
  const { words, format } = useSpeech();
  return (rule: ExclusionRule): string => {
    if (rule.reason === 'path') return toPatternText(rule.page);
    if (rule.reason === 'host') return rule.hostname;
    const said = rule.filters.map(({ field, operator, values }) => {
      const what = `${nameOfField(field, words)} ${words.filter.operators[operator]}`;
      if (takesNoValue(operator)) return what;
      return `${what} ${format.list(values.map((value) => nameOfValue(field, value, words, format)))}`;
    });
    return said.join(` ${words.filter.and} `);
  };
}
