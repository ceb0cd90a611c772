import { useQueries } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { ReportAnswer } from '../../../reports/run.ts';
import { useSpeech } from '../../../words/words.tsx';
import { joined } from '../../api/joined.ts';
import { reportPath } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { type SavedItem, useSave } from '../../api/saved.ts';
import { isPreset } from '../../state/period.ts';
import { useView } from '../../state/use-view.ts';
import { placeOf, TileFrame } from '../../tiles/board-grid.tsx';
import { type BoardBody, moveTile, resizeTile, type Tile } from '../../tiles/tile.ts';
import { useBoardWords } from '../../tiles/words.ts';
import { TileTools } from './tile-tools.tsx';

/** The tiles in their order: dragged, or moved and resized by keyboard. Each change is saved at once. */
export function Board({ board }: { board: SavedItem<BoardBody> }) {
  const words = useBoardWords();
  const { words: common } = useSpeech();
  const { site } = useView();
  const save = useSave<BoardBody>(site.site_id, 'board');
  // What is on its way to the server is shown already.
  const tiles = save.isPending && save.variables ? save.variables.body.tiles : board.body.tiles;
  const list = useRef<HTMLUListElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const [said, setSaid] = useState('');
  const change = (next: Tile[]) => save.mutate({ ...board, body: { tiles: next } });
  const move = (from: number, to: number) => {
    const title = tiles[from]?.title ?? '';
    if (to < 0 || to >= tiles.length) return;
    change(moveTile(tiles, from, to));
    setSaid(words.moved(title, String(to + 1), String(tiles.length)));
    // The focus goes along with the tile that was moved by keyboard.
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('.tile-grip')[to]?.focus());
  };
  const resize = (place: number, by: { width?: number; height?: number }) => {
    const tile = tiles[place];
    if (!tile) return;
    const next = resizeTile(tile, by);
    change(tiles.with(place, next));
    setSaid(words.resized(tile.title, String(next.width), String(next.height)));
  };
  return (
    <>
      <p className="unseen" role="status">
        {said}
      </p>
      {save.error && <p className="wrong">{save.error.message || common.failed.offline}</p>}
      <ul className="board" ref={list}>
        {tiles.map((tile, place) => (
          <li
            key={tile.id}
            className={over === place && dragged !== undefined ? 'panel tile drop-here' : 'panel tile'}
            style={placeOf(tile)}
            onDragStart={() => setDragged(place)}
            onDragEnd={() => {
              setDragged(undefined);
              setOver(undefined);
            }}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setOver(place);
            }}
            onDrop={() => {
              if (dragged !== undefined && dragged !== place) move(dragged, place);
            }}
          >
            <AskedTile
              tile={tile}
              tools={
                <TileTools
                  tile={tile}
                  place={place}
                  count={tiles.length}
                  onMove={(to) => move(place, to)}
                  onResize={(by) => resize(place, by)}
                  onRename={(title) => change(tiles.with(place, { ...tile, title }))}
                  onRemove={() => change(tiles.toSpliced(place, 1))}
                />
              }
            />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Asks the tile's questions of the report API, as whoever is signed in. */
function AskedTile({ tile, tools }: { tile: Tile; tools: React.ReactNode }) {
  const { words } = useSpeech();
  const { site } = useView();
  const queries = useQueries({
    queries: tile.queries.map(({ report, parameters }) => ({
      queryKey: ['report', site.site_id, report, parameters],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        request<ReportAnswer<object>>(reportPath(site.site_id, report), { body: parameters, signal }),
    })),
  });
  return (
    <TileFrame
      tile={tile}
      state={joined(queries, words.failed.offline)}
      currency={site.currency}
      note={useSaidQuestion(tile)}
      tools={tools}
    />
  );
}

/** "Last 30 days · filtered": what a tile is about, for it follows no picker. */
function useSaidQuestion({ queries }: Tile): string {
  const { words, format } = useSpeech();
  const boardWords = useBoardWords();
  const { period, filters } = (queries[0]?.parameters ?? {}) as {
    period?: { preset?: unknown; from?: string; to?: string };
    filters?: unknown[];
  }; // The server has checked them against the report's schema.
  const days = isPreset(period?.preset)
    ? words.period[period.preset]
    : period?.from && period.to
      ? format.range(period.from, period.to)
      : '';
  return [days, filters && filters.length > 0 ? boardWords.filtered : ''].filter(Boolean).join(' · ');
}
