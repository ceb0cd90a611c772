import type { ReactNode } from 'react';

export type BarRow = {
  key: string;
  name: ReactNode;
  /** The name as text, for the bar's title. */
  title: string;
  /** Length of the bar, 0–1. */
  share: number;
  cells: { text: string; title?: string; className?: string }[];
  isPicked?: boolean;
};

type Props = {
  caption: string;
  /** The heading of the names, then one per cell. */
  head: string[];
  rows: BarRow[];
  onPick?: ((key: string) => void) | undefined;
};

/** A ranking: names with a bar behind, numbers to the right. It is a table, so it needs no second one beneath. */
export function BarList({ caption, head, rows, onPick }: Props) {
  return (
    <table className="bars">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          {head.map((name, column) => (
            <th
              key={name}
              scope="col"
              className={column > 0 ? `number ${cellClass(rows, column - 1)}` : undefined}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">
              <NameWithBar row={row} onPick={onPick} />
            </th>
            {row.cells.map((cell, column) => (
              <td key={head[column + 1]} className={`number ${cell.className ?? ''}`} title={cell.title}>
                {cell.text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A column that gives way on a phone does so with its heading. */
function cellClass(rows: BarRow[], column: number): string {
  return rows[0]?.cells[column]?.className?.includes('second') ? 'second' : '';
}

function NameWithBar({ row, onPick }: { row: BarRow; onPick: Props['onPick'] }) {
  const inside = (
    <>
      <span className="bar-fill" style={{ width: `${Math.min(1, row.share) * 100}%` }} />
      <span className="bar-name">{row.name}</span>
    </>
  );
  if (!onPick) {
    return (
      <span className="bar-track" title={row.title}>
        {inside}
      </span>
    );
  }
  return (
    <button
      type="button"
      className="bar-track"
      title={row.title}
      aria-pressed={row.isPicked ?? false}
      onClick={() => onPick(row.key)}
    >
      {inside}
    </button>
  );
}
