import { useSpeech } from '../words/words.tsx';
import { ScrollBox } from './scroll-box.tsx';

/** A chart's numbers as a table: what a screen reader reads, and what one copies. Folded until asked for. */
export function ChartTable({ caption, head, rows }: { caption: string; head: string[]; rows: string[][] }) {
  const { words } = useSpeech();
  return (
    <details className="as-table">
      <summary>{words.app.showTable}</summary>
      <ScrollBox label={caption}>
        <table className="table">
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              {head.map((name, column) => (
                <th key={name} scope="col" className={column > 0 ? 'number' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([first, ...rest]) => (
              <tr key={[first, ...rest].join('|')}>
                <th scope="row">{first}</th>
                {rest.map((cell, column) => (
                  <td key={head[column + 1]} className="number">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </details>
  );
}
