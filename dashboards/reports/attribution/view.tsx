import { ScrollBox } from '../../charts/scroll-box.tsx';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { AttributionModel, AttributionRow } from './report.ts';

export type ModelRows = { model: AttributionModel; rows: AttributionRow[] };

/** The credit that each source gets under several models, side by side. */
export function AttributionTable({ dimension, models }: { dimension: string; models: ModelRows[] }) {
  const { words, format } = useSpeech();
  const values = [...new Set(models.flatMap(({ rows }) => rows.map((row) => row.value)))];
  const of = (rows: AttributionRow[], value: string) => rows.find((row) => row.value === value);
  return (
    <ScrollBox label={words.attribution.title}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{nameOfField(dimension, words)}</th>
            {models.map(({ model }) => (
              <th key={model} scope="col" className="number">
                {words.attribution.models[model]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {values.map((value) => (
            <tr key={value}>
              <th scope="row">{nameOfValue(dimension, value, words, format)}</th>
              {models.map(({ model, rows }) => {
                const row = of(rows, value);
                return (
                  <td
                    key={model}
                    className="number"
                    title={row?.revenue
                      .map(({ amount, currency }) => format.money(amount, currency))
                      .join(', ')}
                  >
                    {row ? format.oneDecimal(row.conversions) : '–'}{' '}
                    {row && <span className="quiet small">{format.percent(row.share)}</span>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}
