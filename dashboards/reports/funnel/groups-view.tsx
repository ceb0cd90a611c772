import { ScrollBox } from '../../charts/scroll-box.tsx';
import { nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import type { BreakdownRows } from './answer.ts';

type Props = {
  property: string;
  all: BreakdownRows[];
  steps: { label: string }[];
  /** How many of them, the first, are drawn as bars. */
  drawn: number;
};

/** A breakdown in numbers: per group the rate of each step, of the group's own first, and how many that are. */
export function FunnelGroups({ property, all, steps, drawn }: Props) {
  const { words, format } = useSpeech();
  const groups = all.filter((one) => !one.is_rest);
  const hasRest = groups.length < all.length;
  const isCut = drawn < groups.length || hasRest;
  const heads = steps.map((step, index) => `${index + 1}. ${step.label}`);
  return (
    <div className="funnel-groups">
      <p className="panel-foot">
        <span>{words.funnel.byGroup}</span>
        {isCut && (
          <span>
            {words.funnel.drawnOf(
              format.number(drawn),
              hasRest ? `> ${format.number(groups.length)}` : format.number(groups.length),
            )}
          </span>
        )}
      </p>
      <ScrollBox label={words.funnel.byGroup}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{words.funnel.series}</th>
              {heads.map((head) => (
                <th key={head} scope="col" className="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((group, place) => (
              <tr key={group.is_rest ? 'rest' : `value ${group.value}`}>
                <th scope="row">
                  {place < drawn && <span className={`swatch series-${place}`} />}
                  {group.is_rest ? words.paths.others : nameOfValue(property, group.value, words, format)}
                </th>
                {group.rows.map((row, index) => (
                  <td key={heads[index]} className="number">
                    {index > 0 && `${format.percent(row.share_of_first)} `}
                    <span className="quiet">{format.number(row.people)}</span>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </div>
  );
}
