import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { type SavedItem, useRemove, useSave } from '../../api/saved.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { NameForm } from '../../parts/name-form.tsx';
import { Popover } from '../../parts/popover.tsx';
import { useView } from '../../state/use-view.ts';
import type { BoardBody } from '../../tiles/tile.ts';
import { useBoardWords } from '../../tiles/words.ts';
import { LinksDialog } from './links-dialog.tsx';

type Props = {
  board: SavedItem<BoardBody>;
  boards: SavedItem<BoardBody>[];
  onOpen: (board: string | undefined) => void;
};

type Asked = 'new' | 'rename' | 'remove' | 'links';

/** Which board this is; open another, make one, rename, delete, publish. */
export function BoardBar({ board, boards, onOpen }: Props) {
  const words = useBoardWords();
  const { words: common } = useSpeech();
  const { site } = useView();
  const save = useSave<BoardBody>(site.site_id, 'board');
  const remove = useRemove(site.site_id, 'board');
  const [asked, setAsked] = useState<Asked>();
  const done = () => setAsked(undefined);
  return (
    <div className="page-head">
      <Popover
        className="button plain title-button"
        name={`${words.which}: ${board.name}`}
        label={
          <>
            <h2>{board.name}</h2>
            <Icon name="chevron" className="chevron" />
          </>
        }
      >
        {(close) => {
          const choose = (next: Asked) => {
            close();
            setAsked(next);
          };
          return (
            <>
              {boards.map((one) => (
                <button
                  key={one.item_id}
                  type="button"
                  className="menu-item"
                  aria-current={one.item_id === board.item_id}
                  onClick={() => {
                    close();
                    onOpen(one.item_id);
                  }}
                >
                  {one.name}
                </button>
              ))}
              <hr className="menu-line" />
              <button type="button" className="menu-item" onClick={() => choose('new')}>
                {words.newBoard}
              </button>
              <button type="button" className="menu-item" onClick={() => choose('rename')}>
                {words.rename}
              </button>
              <button type="button" className="menu-item" onClick={() => choose('remove')}>
                {words.remove(board.name)}
              </button>
            </>
          );
        }}
      </Popover>
      <button type="button" className="button" onClick={() => setAsked('links')}>
        {words.share}
      </button>
      {asked === 'links' && <LinksDialog board={board} onClose={done} />}
      {asked === 'new' && (
        <Dialog title={words.newBoard} onClose={done}>
          <NewBoard
            onMade={(id) => {
              done();
              onOpen(id);
            }}
          />
        </Dialog>
      )}
      {asked === 'rename' && (
        <Dialog title={words.rename} onClose={done}>
          <NameForm
            name={board.name}
            label={words.newName}
            submit={common.app.save}
            isBusy={save.isPending}
            error={save.error}
            onSubmit={(name) => save.mutate({ ...board, name }, { onSuccess: done })}
          />
        </Dialog>
      )}
      {asked === 'remove' && (
        <Dialog title={words.remove(board.name)} onClose={done}>
          <p>{words.removeSure}</p>
          <p className="actions">
            <button
              type="button"
              className="button danger"
              disabled={remove.isPending}
              onClick={() =>
                remove.mutate(board.item_id, {
                  onSuccess: () => {
                    done();
                    onOpen(undefined);
                  },
                })
              }
            >
              {words.remove(board.name)}
            </button>
          </p>
        </Dialog>
      )}
    </div>
  );
}

/** A name, and an empty board is there. */
export function NewBoard({ onMade }: { onMade: (board: string) => void }) {
  const words = useBoardWords();
  const { site } = useView();
  const save = useSave<BoardBody>(site.site_id, 'board');
  return (
    <NameForm
      name=""
      label={words.newName}
      submit={words.create}
      isBusy={save.isPending}
      error={save.error}
      onSubmit={(name) =>
        save.mutate({ name, body: { tiles: [] } }, { onSuccess: (board) => onMade(board.item_id) })
      }
    />
  );
}
