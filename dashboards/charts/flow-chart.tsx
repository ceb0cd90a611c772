import { useState } from 'react';
import { groupBy } from './group-by.ts';
import { useWidth } from './use-width.ts';

export type PlacedNode = {
  key: string;
  column: number;
  label: string;
  size: number;
  ended: number;
  note: string;
};
export type PlacedEdge = { key: string; from: string; to: string; size: number; note: string };

type Props = { title: string; columns: number; nodes: PlacedNode[]; edges: PlacedEdge[] };

const HEIGHT = 420;
const GAP = 14;
const BAR = 10;

/** Streams from left to right, as wide as they are many; the grey end of a bar are those who left there. */
export function FlowChart({ title, columns, nodes, edges }: Props) {
  const [frame, width] = useWidth<HTMLDivElement>();
  const [picked, setPicked] = useState<string>();
  const wide = Math.max(width, columns * 150);
  const { boxes, scale } = layOut(nodes, columns, wide);
  const out = new Map<string, number>();
  const into = new Map<string, number>();
  return (
    <div ref={frame} className="flow-frame">
      {width > 0 && (
        <svg className="chart flow" width={wide} height={HEIGHT + 24} role="img" aria-label={title}>
          {edges.map((edge) => {
            const from = boxes.get(edge.from);
            const to = boxes.get(edge.to);
            if (!from || !to) return null;
            const thick = Math.max(1, edge.size * scale);
            const y1 = from.y + (out.get(edge.from) ?? 0) + thick / 2;
            const y2 = to.y + (into.get(edge.to) ?? 0) + thick / 2;
            out.set(edge.from, (out.get(edge.from) ?? 0) + thick);
            into.set(edge.to, (into.get(edge.to) ?? 0) + thick);
            const middle = (from.x + BAR + to.x) / 2;
            return (
              <path
                key={edge.key}
                d={`M${from.x + BAR},${y1}C${middle},${y1} ${middle},${y2} ${to.x},${y2}`}
                strokeWidth={thick}
                className={picked && picked !== edge.from && picked !== edge.to ? 'faint' : undefined}
              >
                <title>{edge.note}</title>
              </path>
            );
          })}
          {nodes.map((node) => {
            const box = boxes.get(node.key);
            if (!box) return null;
            return (
              <g
                key={node.key}
                onPointerEnter={() => setPicked(node.key)}
                onPointerLeave={() => setPicked(undefined)}
              >
                <title>{node.note}</title>
                <rect x={box.x} y={box.y} width={BAR} height={box.height} rx={2} />
                {node.ended > 0 && (
                  <rect
                    className="drop"
                    x={box.x}
                    y={box.y + box.height - Math.max(1, node.ended * scale)}
                    width={BAR}
                    height={Math.max(1, node.ended * scale)}
                    rx={2}
                  />
                )}
                <text x={box.x + BAR + 5} y={box.y + Math.min(box.height / 2, 40)} dy="0.35em">
                  {short(node.label, Math.floor((wide / columns - BAR - 12) / 6.6))}
                </text>
              </g>
            );
          })}
        </svg>
      )}
    </div>
  );
}

/** All columns share one scale: the fullest fills the height. */
function layOut(nodes: PlacedNode[], columns: number, width: number) {
  const stacks = [...groupBy(nodes, (node) => node.column).values()];
  const scale = Math.min(
    ...stacks.map(
      (stack) =>
        (HEIGHT - GAP * stack.length) /
        Math.max(
          1,
          stack.reduce((sum, node) => sum + node.size, 0),
        ),
    ),
  );
  const boxes = new Map<string, { x: number; y: number; height: number }>();
  for (const stack of stacks) {
    let y = 8;
    for (const node of stack) {
      const height = Math.max(2, node.size * scale);
      boxes.set(node.key, { x: (width / columns) * node.column, y, height });
      y += height + GAP;
    }
  }
  return { boxes, scale };
}

/** A path keeps its end: what tells pages apart stands there. */
function short(text: string, most: number): string {
  return text.length <= most ? text : `…${text.slice(-(most - 1))}`;
}
