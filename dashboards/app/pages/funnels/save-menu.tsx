import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { useSave, useSaved } from '../../api/saved.ts';
import { Popover } from '../../parts/popover.tsx';
import { useView } from '../../state/use-view.ts';
import { type Definition, toParameters, toSavedBody } from './definition.ts';

const route = getRouteApi('/sites/$site/funnels');

/** Saves under the old name, or as a new funnel. */
export function SaveMenu({ definition }: { definition: Definition }) {
  const { words } = useSpeech();
  const { site } = useView();
  const { saved: savedId } = route.useSearch();
  const navigate = useNavigate();
  const state = useSaved<Record<string, unknown>>(site.site_id, 'funnel');
  const current = state.status === 'ready' ? state.answer.find((one) => one.item_id === savedId) : undefined;
  const save = useSave<Record<string, unknown>>(site.site_id, 'funnel');
  const [name, setName] = useState('');
  const body = toSavedBody(definition);
  const isEmpty = toParameters(definition) === undefined;
  return (
    <Popover label={words.app.save} className="button save-funnel">
      {(close) => (
        <form
          className="small-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() === '') return;
            save.mutate(
              { name: name.trim(), body },
              {
                onSuccess: (item) => {
                  close();
                  void navigate({ to: '.', search: (before) => ({ ...before, saved: item.item_id }) });
                },
              },
            );
          }}
        >
          {current && (
            <button
              type="button"
              className="button primary"
              onClick={() =>
                save.mutate({ item_id: current.item_id, name: current.name, body }, { onSuccess: close })
              }
            >
              {words.funnel.saveAs(current.name)}
            </button>
          )}
          <label className="field">
            <span className="label">{words.funnel.newName}</span>
            <input
              className="input"
              value={name}
              maxLength={100}
              required
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <button type="submit" className="button" disabled={isEmpty || save.isPending}>
            {words.funnel.saveNew}
          </button>
          {save.error && <p className="wrong">{save.error.message || words.failed.offline}</p>}
        </form>
      )}
    </Popover>
  );
}
