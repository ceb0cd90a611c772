import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useSpeech } from '../../words/words.tsx';
import { useSave, useSaved } from '../api/saved.ts';
import { useView } from '../state/use-view.ts';
import { type BoardBody, type TileDraft, toTile } from './tile.ts';
import { useBoardWords } from './words.ts';

type Props = { tile: TileDraft; close: () => void };

const NEW = '';

/** Under which title, on which board: one that is there, or a new one. */
export function AddMenu({ tile, close }: Props) {
  const words = useBoardWords();
  const { words: common } = useSpeech();
  const { site } = useView();
  const boards = useSaved<BoardBody>(site.site_id, 'board');
  const save = useSave<BoardBody>(site.site_id, 'board');
  const [title, setTitle] = useState(tile.title);
  const [picked, setPicked] = useState<string>();
  const [name, setName] = useState('');
  const field = useRef<HTMLInputElement>(null);
  // The menu that holds it opened before this had loaded: it found nothing to focus.
  useEffect(() => field.current?.focus(), []);
  const items = boards.status === 'ready' ? boards.answer : [];
  const boardId = picked ?? items[0]?.item_id ?? NEW;
  const board = items.find((one) => one.item_id === boardId);
  if (save.data) {
    return (
      <div className="small-form" role="status">
        <p>{words.added(save.data.name)}</p>
        <Link
          to="/sites/$site/boards"
          params={{ site: site.site_id }}
          search={{ board: save.data.item_id }}
          className="button primary"
          onClick={close}
        >
          {words.open}
        </Link>
      </div>
    );
  }
  return (
    <form
      className="small-form"
      onSubmit={(event) => {
        event.preventDefault();
        const tiles = [...(board?.body.tiles ?? []), toTile({ ...tile, title: title.trim() || tile.title })];
        save.mutate({ item_id: board?.item_id, name: board?.name ?? name.trim(), body: { tiles } });
      }}
    >
      <label className="field">
        <span className="label">{words.title}</span>
        <input
          ref={field}
          className="input"
          value={title}
          maxLength={200}
          onChange={(event) => setTitle(event.target.value)}
        />
      </label>
      <label className="field">
        <span className="label">{words.which}</span>
        <select className="input" value={boardId} onChange={(event) => setPicked(event.target.value)}>
          {items.map((one) => (
            <option key={one.item_id} value={one.item_id}>
              {one.name}
            </option>
          ))}
          <option value={NEW}>{words.newBoard}</option>
        </select>
      </label>
      {boardId === NEW && (
        <label className="field">
          <span className="label">{words.newName}</span>
          <input
            className="input"
            value={name}
            maxLength={100}
            required
            onChange={(event) => setName(event.target.value)}
          />
        </label>
      )}
      <button type="submit" className="button primary" disabled={save.isPending || boards.status !== 'ready'}>
        {words.add}
      </button>
      {save.error && <p className="wrong">{save.error.message || common.failed.offline}</p>}
    </form>
  );
}
