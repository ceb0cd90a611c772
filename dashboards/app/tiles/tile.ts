import type { BoardBody, Tile as StoredTile, TileReport, TileView } from '../../api/boards/board.ts';
import { shared } from '../api/parameters.ts';
import type { SiteView } from '../state/use-view.ts';

export type { BoardBody, TileReport, TileView };
export type Tile = StoredTile;

/** A report as it may be put on a board: its title, how it is drawn, what it asks. */
export type TileDraft = {
  title: string;
  view: TileView;
  options: Record<string, unknown>;
  queries: { report: TileReport; parameters: object }[];
};

type Size = Pick<Tile, 'width' | 'height'>;

/** How large a tile is until somebody changes it: in columns of three, and in rows. */
const SIZES: Partial<Record<TileView, Size>> = {
  overview: { width: 2, height: 2 },
  explore: { width: 2, height: 2 },
  funnel: { width: 3, height: 2 },
  funnel_separators: { width: 2, height: 2 },
  paths: { width: 3, height: 3 },
  retention: { width: 3, height: 2 },
  lifecycle: { width: 2, height: 2 },
  conversion: { width: 1, height: 1 },
  conversion_by: { width: 2, height: 2 },
  attribution: { width: 3, height: 2 },
  engagement: { width: 3, height: 2 },
  vitals: { width: 3, height: 1 },
  vitals_by: { width: 2, height: 2 },
};
const USUAL_SIZE: Size = { width: 1, height: 2 };

export const MOST_COLUMNS = 3;
export const MOST_ROWS = 3;

/** The draft with an id and the size that its view needs. */
export function toTile({ title, view, options, queries }: TileDraft): Tile {
  // What a page asks is JSON by its nature; the server checks it against the report's own schema.
  const body = JSON.parse(JSON.stringify({ options, queries })) as Pick<Tile, 'options' | 'queries'>;
  return { id: newId(), title: title.trim().slice(0, 200), view, ...body, ...(SIZES[view] ?? USUAL_SIZE) };
}

/** randomUUID is there on https and localhost only. */
function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** What a tile is asked with: a named period stays named, so that the tile moves on with the days. */
export function sharedForTile(
  view: Parameters<typeof shared>[0] & Pick<SiteView, 'period'>,
): Record<string, unknown> {
  // A board moves on: its days will have something to be compared with.
  return {
    ...shared({ ...view, noDataBefore: undefined }),
    ...(typeof view.period === 'string' ? { period: { preset: view.period } } : {}),
  };
}

export function moveTile(tiles: readonly Tile[], from: number, to: number): Tile[] {
  const moved = tiles[from];
  if (!moved || to < 0 || to >= tiles.length) return [...tiles];
  return tiles.toSpliced(from, 1).toSpliced(to, 0, moved);
}

export function resizeTile(tile: Tile, by: { width?: number; height?: number }): Tile {
  const within = (size: number, most: number) => Math.max(1, Math.min(most, size));
  return {
    ...tile,
    width: within(tile.width + (by.width ?? 0), MOST_COLUMNS),
    height: within(tile.height + (by.height ?? 0), MOST_ROWS),
  };
}
