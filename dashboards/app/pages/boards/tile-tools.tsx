import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { NameForm } from '../../parts/name-form.tsx';
import { Popover } from '../../parts/popover.tsx';
import { MOST_COLUMNS, MOST_ROWS, type Tile } from '../../tiles/tile.ts';
import { useBoardWords } from '../../tiles/words.ts';

type Props = {
  tile: Tile;
  place: number;
  count: number;
  onMove: (to: number) => void;
  onResize: (by: { width?: number; height?: number }) => void;
  onRename: (title: string) => void;
  onRemove: () => void;
};

/** Where an arrow key moves a tile; with Shift, how it resizes it. */
const WAYS: Record<string, { step: number; size: { width?: number; height?: number } }> = {
  ArrowLeft: { step: -1, size: { width: -1 } },
  ArrowUp: { step: -1, size: { height: -1 } },
  ArrowRight: { step: 1, size: { width: 1 } },
  ArrowDown: { step: 1, size: { height: 1 } },
};

/** The grip, which takes the mouse and the arrow keys, and a menu that says the same in words. */
export function TileTools({ tile, place, count, onMove, onResize, onRename, onRemove }: Props) {
  const words = useBoardWords();
  const { words: common } = useSpeech();
  const [isNaming, setNaming] = useState(false);
  const items = [
    { label: words.earlier, act: () => onMove(place - 1), isOn: place > 0 },
    { label: words.later, act: () => onMove(place + 1), isOn: place < count - 1 },
    { label: words.wider, act: () => onResize({ width: 1 }), isOn: tile.width < MOST_COLUMNS },
    { label: words.narrower, act: () => onResize({ width: -1 }), isOn: tile.width > 1 },
    { label: words.taller, act: () => onResize({ height: 1 }), isOn: tile.height < MOST_ROWS },
    { label: words.shorter, act: () => onResize({ height: -1 }), isOn: tile.height > 1 },
    { label: words.renameTile, act: () => setNaming(true), isOn: true },
    { label: words.removeTile, act: onRemove, isOn: true },
  ];
  return (
    <span className="tile-tools">
      <button
        type="button"
        className="icon-button tile-grip"
        draggable
        aria-label={words.move(tile.title)}
        title={words.moveHint}
        onKeyDown={(event) => {
          const way = WAYS[event.key];
          if (!way) return;
          event.preventDefault();
          // The page's own arrow keys choose the period.
          event.stopPropagation();
          if (event.shiftKey) onResize(way.size);
          else onMove(place + way.step);
        }}
      >
        <Icon name="drag" />
      </button>
      <Popover
        className="icon-button"
        align="end"
        name={words.tileMenu(tile.title)}
        label={<Icon name="more" />}
      >
        {(close) =>
          items
            .filter(({ isOn }) => isOn)
            .map(({ label, act }) => (
              <button
                key={label}
                type="button"
                className="menu-item"
                onClick={() => {
                  close();
                  act();
                }}
              >
                {label}
              </button>
            ))
        }
      </Popover>
      {isNaming && (
        <Dialog title={words.renameTile} onClose={() => setNaming(false)}>
          <NameForm
            name={tile.title}
            label={words.title}
            submit={common.app.save}
            isBusy={false}
            error={null}
            onSubmit={(title) => {
              setNaming(false);
              onRename(title);
            }}
          />
        </Dialog>
      )}
    </span>
  );
}
