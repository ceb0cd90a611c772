import { lazy, Suspense } from 'react';
import { useSpeech } from '../../words/words.tsx';
import type { TileDraft } from '../tiles/tile.ts';
import { Icon } from './icon.tsx';
import { Popover } from './popover.tsx';

// What the menu needs comes along when it is opened: not with the first page.
const AddMenu = lazy(() => import('../tiles/add-menu.tsx').then((file) => ({ default: file.AddMenu })));

/** Puts the report beside which it stands on a board, as it is shown now. */
export function AddToBoard({ tile }: { tile: TileDraft }) {
  const { words } = useSpeech();
  return (
    <Popover
      className="icon-button"
      align="end"
      name={words.app.addToBoard(tile.title)}
      label={<Icon name="pin" />}
    >
      {(close) => (
        <Suspense fallback={<div className="small-form" />}>
          <AddMenu tile={tile} close={close} />
        </Suspense>
      )}
    </Popover>
  );
}
