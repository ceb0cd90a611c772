import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CatalogueRow } from '../../../reports/catalogue/report.ts';
import type { Naming } from '../../../reports/rules/rules.ts';
import { useSpeech } from '../../../words/words.tsx';
import { request } from '../../api/request.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { SuggestField } from '../../parts/suggest-field.tsx';
import { useView } from '../../state/use-view.ts';
import { useCatalogueWords } from './words.ts';

type Props = {
  row: CatalogueRow;
  /** All that are listed: what it may be merged with. */
  rows: CatalogueRow[];
  onClose: () => void;
};

type Rules = Record<'events' | 'properties', (Naming & { name: string })[]>;

/** How reports call an event or a property, what it means, and whether lists leave it out. */
export function NamingDialog({ row, rows, onClose }: Props) {
  const words = useCatalogueWords();
  const { words: common } = useSpeech();
  const isProperty = row.property !== '';
  const name = isProperty ? row.property : row.name;
  const [calledAs, setCalledAs] = useState(name);
  const [description, setDescription] = useState(row.description);
  const [isHidden, setHidden] = useState(row.is_hidden);
  const others = [...new Set(rows.filter(isLike(row)).map(nameOf))].filter((one) => one !== name);
  const save = useNaming(row, name, onClose);
  return (
    <Dialog title={words.edit(name)} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ calledAs: calledAs.trim() || name, description: description.trim(), isHidden });
        }}
      >
        <div className="field">
          <span className="label">{words.calledAs}</span>
          <SuggestField
            label={words.calledAs}
            value={calledAs}
            groups={[{ label: words.calledAs, items: others.map((value) => ({ value })) }]}
            onCommit={setCalledAs}
          />
          <span className="hint">
            {others.includes(calledAs) ? words.merges(calledAs) : words.calledAsHint}
          </span>
        </div>
        <label className="field">
          <span className="label">{words.description}</span>
          <textarea
            className="input"
            rows={3}
            maxLength={2_000}
            value={description}
            onChange={(event) => setDescription(event.target.value)}
          />
        </label>
        <label className="check">
          <input type="checkbox" checked={isHidden} onChange={(event) => setHidden(event.target.checked)} />
          {words.hide}
        </label>
        <span className="hint">{words.hideHint}</span>
        <div className="actions">
          <button type="submit" className="button primary" disabled={save.isPending}>
            {common.app.save}
          </button>
          {(row.sent_as.length > 0 || row.is_hidden || row.description !== '') && (
            <button
              type="button"
              className="button"
              disabled={save.isPending}
              onClick={() => save.mutate(undefined)}
            >
              {words.takeBack}
            </button>
          )}
        </div>
        {save.error && <p className="wrong">{save.error.message || common.failed.offline}</p>}
      </form>
    </Dialog>
  );
}

type Said = { calledAs: string; description: string; isHidden: boolean };

/**
 * Writes a rule for each name under which it was sent; undefined takes them all back. Every list that named the event
 * is asked for again.
 */
function useNaming(row: CatalogueRow, name: string, onSaved: () => void) {
  const { site } = useView();
  const queries = useQueryClient();
  const list = row.property === '' ? 'events' : 'properties';
  const path = `/api/sites/${encodeURIComponent(site.site_id)}/catalogue`;
  const rules = useQuery({
    queryKey: ['catalogue rules', site.site_id],
    queryFn: ({ signal }) => request<Rules>(`${path}/rules`, { signal }),
  });
  // A name that was only ever given is not one that was sent.
  const given = rules.data?.[list].some((one) => one.calledAs === name) ?? false;
  const sent = given && row.sent_as.length > 0 ? row.sent_as : [name, ...row.sent_as];
  return useMutation({
    mutationFn: async (said: Said | undefined) => {
      for (const one of sent) {
        const naming: Naming = said
          ? {
              ...(said.calledAs === one ? {} : { calledAs: said.calledAs }),
              ...(said.description === '' ? {} : { description: said.description }),
              ...(said.isHidden ? { isHidden: true } : {}),
            }
          : {};
        await request<unknown>(`${path}/${list}/${encodeURIComponent(one)}`, {
          method: 'PUT',
          body: naming,
        });
      }
    },
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['report', site.site_id] }),
        queries.invalidateQueries({ queryKey: ['catalogue rules', site.site_id] }),
      ]);
      onSaved();
    },
  });
}

function isLike(row: CatalogueRow): (other: CatalogueRow) => boolean {
  return (other) =>
    row.property === '' ? other.kind === 'custom' && other.property === '' : other.property !== '';
}

function nameOf({ name, property }: CatalogueRow): string {
  return property || name;
}
