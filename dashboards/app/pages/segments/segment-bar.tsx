import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { type SavedItem, useRemove, useSave, useSaved } from '../../api/saved.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { NameForm } from '../../parts/name-form.tsx';
import { Popover } from '../../parts/popover.tsx';
import { useView } from '../../state/use-view.ts';
import { type Group, toFilters } from './definition.ts';
import { useSegmentWords } from './words.ts';

type Body = { filters: unknown };
type Props = { group: Group; saved: SavedItem<Body> | undefined };

/** Which segment this is; open another, save, rename, delete. */
export function SegmentBar({ group, saved }: Props) {
  const words = useSegmentWords();
  const { words: common } = useSpeech();
  const { site } = useView();
  const navigate = useNavigate();
  const state = useSaved<Body>(site.site_id, 'segment');
  const save = useSave<Body>(site.site_id, 'segment');
  const remove = useRemove(site.site_id, 'segment');
  const [isRenaming, setRenaming] = useState(false);
  const items = state.status === 'ready' ? state.answer : [];
  const open = (id: string | undefined) =>
    void navigate({ to: '.', search: (before) => ({ ...before, saved: id, draft: undefined }) });
  const body = { filters: toFilters(group) };
  const isEmpty = body.filters.length === 0;
  return (
    <div className="page-head">
      <Popover
        className="button plain title-button"
        name={`${words.open}: ${saved?.name ?? words.unsaved}`}
        label={
          <>
            <h2>{saved?.name ?? words.unsaved}</h2>
            <Icon name="chevron" className="chevron" />
          </>
        }
      >
        {(close) => {
          const then = (act: () => void) => () => {
            close();
            act();
          };
          return (
            <>
              {items.map((one) => (
                <button
                  key={one.item_id}
                  type="button"
                  className="menu-item"
                  aria-current={one.item_id === saved?.item_id}
                  onClick={then(() => open(one.item_id))}
                >
                  {one.name}
                </button>
              ))}
              {items.length > 0 && <hr className="menu-line" />}
              <button type="button" className="menu-item" onClick={then(() => open(undefined))}>
                {words.new}
              </button>
              {saved && (
                <>
                  <button type="button" className="menu-item" onClick={then(() => setRenaming(true))}>
                    {words.rename}
                  </button>
                  <button
                    type="button"
                    className="menu-item"
                    onClick={then(() => remove.mutate(saved.item_id, { onSuccess: () => open(undefined) }))}
                  >
                    {words.remove(saved.name)}
                  </button>
                </>
              )}
            </>
          );
        }}
      </Popover>
      <Popover align="end" label={common.app.save} className="button">
        {(close) => (
          <div className="small-form">
            {saved && (
              <button
                type="button"
                className="button primary"
                disabled={isEmpty || save.isPending}
                onClick={() => save.mutate({ ...saved, body }, { onSuccess: close })}
              >
                {words.save(saved.name)}
              </button>
            )}
            <NameForm
              name=""
              label={words.name}
              submit={words.saveNew}
              isBusy={isEmpty || save.isPending}
              error={save.error}
              onSubmit={(name) =>
                save.mutate(
                  { name, body },
                  {
                    onSuccess: (item) => {
                      close();
                      open(item.item_id);
                    },
                  },
                )
              }
            />
          </div>
        )}
      </Popover>
      {isRenaming && saved && (
        <Dialog title={words.rename} onClose={() => setRenaming(false)}>
          <NameForm
            name={saved.name}
            label={words.name}
            submit={common.app.save}
            isBusy={save.isPending}
            error={save.error}
            onSubmit={(name) => save.mutate({ ...saved, name }, { onSuccess: () => setRenaming(false) })}
          />
        </Dialog>
      )}
    </div>
  );
}
