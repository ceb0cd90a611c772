export type HeatRow = {
  key: string;
  label: string;
  /** How many the row starts with. */
  size: string;
  cells: HeatCell[];
};

export type HeatCell = {
  key: string;
  /** A fraction, 0–1; null where there is nothing yet. */
  value: number | null;
  text: string;
  title: string;
  /** The number may still rise. */
  isUnfinished: boolean;
};

type Props = { caption: string; head: string[]; rows: HeatRow[] };

const STEPS = [0.02, 0.1, 0.25, 0.5];

/** Shares as a table whose cells are the darker the larger. It is a table already, so it needs none beneath. */
export function HeatMap({ caption, head, rows }: Props) {
  return (
    <table className="heat">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          {head.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.label}</th>
            <td className="none number">{row.size}</td>
            {row.cells.map((cell) => (
              <td key={cell.key} className={classOf(cell)} title={cell.title}>
                {cell.text}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf({ value, isUnfinished }: HeatCell): string {
  if (value === null) return 'none';
  const step = STEPS.filter((edge) => value >= edge).length;
  return isUnfinished ? `heat-${step} unfinished` : `heat-${step}`;
}
