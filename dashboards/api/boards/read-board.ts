import { z } from 'zod';
import type { Storage } from '../../../collector/storage/storage.ts';
import { type BoardBody, boardBody } from './board.ts';

export type StoredBoard = BoardBody & { boardId: string; name: string; updatedMs: number };

/** A board as it is saved; undefined if there is none, or if it was saved by a version that knew other tiles. */
export async function readBoard(
  storage: Pick<Storage, 'query'>,
  siteId: string,
  boardId: string,
): Promise<StoredBoard | undefined> {
  if (!z.uuid().safeParse(boardId).success) return undefined;
  const { rows } = await storage.query<{ name: string; body: string; updated_ms: number }>(READ, {
    parameters: { site_id: siteId, board_id: boardId },
  });
  const row = rows[0];
  if (!row) return undefined;
  const body = boardBody.safeParse(JSON.parse(row.body));
  return body.success ? { ...body.data, boardId, name: row.name, updatedMs: row.updated_ms } : undefined;
}

const READ = `
SELECT name, body, toUnixTimestamp64Milli(saved_items.updated_time) AS updated_ms FROM saved_items FINAL
WHERE site_id = {site_id:String} AND kind = 'board' AND item_id = {board_id:UUID} AND NOT is_deleted`;
