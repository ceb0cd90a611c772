import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { useRemove, useSave, useSaved } from '../../api/saved.ts';
import { Icon } from '../../parts/icon.tsx';
import { Popover } from '../../parts/popover.tsx';
import { ShareMenu } from '../../parts/share-menu.tsx';
import { useView } from '../../state/use-view.ts';
import {
  type Definition,
  fromParameters,
  NEW_FUNNEL,
  toParameters,
  toSavedBody,
  writeDefinition,
} from './definition.ts';

const route = getRouteApi('/sites/$site/funnels');

/** Which funnel this is; open another, share, export. */
export function SavedBar({ definition }: { definition: Definition }) {
  const { words } = useSpeech();
  const view = useView();
  const { site } = view;
  const asked = toParameters(definition);
  const { saved: savedId } = route.useSearch();
  const navigate = useNavigate();
  const state = useSaved<Record<string, unknown>>(site.site_id, 'funnel');
  const remove = useRemove(site.site_id, 'funnel');
  const copy = useSave<Record<string, unknown>>(site.site_id, 'funnel');
  const items = state.status === 'ready' ? state.answer : [];
  const current = items.find((one) => one.item_id === savedId);
  const open = (next: Definition, id: string | undefined) =>
    void navigate({
      to: '.',
      search: (before) => ({ ...before, funnel: writeDefinition(next), saved: id, people: undefined }),
    });
  return (
    <div className="page-head">
      <Popover
        className="button plain title-button"
        name={`${words.funnel.openSaved}: ${current?.name ?? words.funnel.unsaved}`}
        label={
          <>
            <h2>{current?.name ?? words.funnel.unsaved}</h2>
            <Icon name="chevron" className="chevron" />
          </>
        }
      >
        {(close) => (
          <>
            {items.map((item) => (
              <button
                key={item.item_id}
                type="button"
                className="menu-item"
                aria-current={item.item_id === savedId}
                onClick={() => {
                  close();
                  open(fromParameters(item.body) ?? NEW_FUNNEL, item.item_id);
                }}
              >
                {item.name}
              </button>
            ))}
            {items.length > 0 && <hr className="menu-line" />}
            <button
              type="button"
              className="menu-item"
              onClick={() => {
                close();
                open(NEW_FUNNEL, undefined);
              }}
            >
              {words.funnel.new}
            </button>
            {current && (
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  close();
                  copy.mutate(
                    { name: words.funnel.copyOf(current.name), body: toSavedBody(definition) },
                    { onSuccess: (item) => open(definition, item.item_id) },
                  );
                }}
              >
                {words.funnel.duplicate(current.name)}
              </button>
            )}
            {current && (
              <button
                type="button"
                className="menu-item"
                onClick={() => {
                  close();
                  remove.mutate(current.item_id, { onSuccess: () => open(definition, undefined) });
                }}
              >
                {words.funnel.removeSaved(current.name)}
              </button>
            )}
          </>
        )}
      </Popover>
      {asked && <ShareMenu report="funnel" body={{ ...shared(view), ...asked }} />}
    </div>
  );
}
