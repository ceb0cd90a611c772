import { groupBy } from '../../charts/group-by.ts';
import type { PathsRow } from './report.ts';

export type FlowNode = {
  key: string;
  position: number;
  place: string;
  sessions: number;
  ended: number;
  isRest: boolean;
};
export type FlowEdge = { key: string; from: FlowNode; to: FlowNode; sessions: number };
export type Flow = { nodes: FlowNode[]; edges: FlowEdge[]; positions: number };

/**
 * The rows as a graph: per position the `most` frequent places, the others gathered in one node each (`rest`). A node's
 * sessions are those that came or went, whichever are more: the last position has no edges out.
 */
export function toFlow(rows: readonly PathsRow[], most: number, rest: string): Flow {
  const counts = new Map<
    string,
    { position: number; place: string; in: number; out: number; ended: number }
  >();
  const at = (position: number, place: string) => {
    const key = `${position} ${place}`;
    const found = counts.get(key) ?? { position, place, in: 0, out: 0, ended: 0 };
    counts.set(key, found);
    return found;
  };
  for (const { position, place, next, sessions } of rows) {
    const from = at(position, place);
    from.out += sessions;
    if (next === null) from.ended += sessions;
    else at(position + 1, next).in += sessions;
  }
  const kept = new Set<string>();
  const byPosition = groupBy(counts.values(), (one) => one.position);
  for (const places of byPosition.values()) {
    for (const one of places.sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, most))
      kept.add(`${one.position} ${one.place}`);
  }
  const nodes = new Map<string, FlowNode>();
  const nodeOf = (position: number, place: string): FlowNode => {
    const isKept = kept.has(`${position} ${place}`);
    const key = isKept ? `${position} ${place}` : `${position} rest`;
    const node = nodes.get(key) ?? {
      key,
      position,
      place: isKept ? place : rest,
      sessions: 0,
      ended: 0,
      isRest: !isKept,
    };
    nodes.set(key, node);
    return node;
  };
  for (const one of counts.values()) {
    const node = nodeOf(one.position, one.place);
    node.sessions += sizeOf(one);
    node.ended += one.ended;
  }
  const edges = new Map<string, FlowEdge>();
  for (const { position, place, next, sessions } of rows) {
    if (next === null) continue;
    const from = nodeOf(position, place);
    const to = nodeOf(position + 1, next);
    const key = `${from.key} → ${to.key}`;
    const edge = edges.get(key) ?? { key, from, to, sessions: 0 };
    edges.set(key, { ...edge, sessions: edge.sessions + sessions });
  }
  return {
    nodes: [...nodes.values()].sort(
      (a, b) => a.position - b.position || Number(a.isRest) - Number(b.isRest) || b.sessions - a.sessions,
    ),
    edges: [...edges.values()].sort((a, b) => b.sessions - a.sessions),
    positions: Math.max(0, ...[...nodes.values()].map((node) => node.position)) + 1,
  };
}

function sizeOf(one: { in: number; out: number }): number {
  return Math.max(one.in, one.out);
}
