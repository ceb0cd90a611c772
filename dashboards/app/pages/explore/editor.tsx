import { useSpeech } from '../../../words/words.tsx';
import { Icon } from '../../parts/icon.tsx';
import { placed } from '../../parts/placed.ts';
import { BreakdownChoice } from './breakdown-choice.tsx';
import { type Definition, MOST_BREAKDOWNS, MOST_SERIES, NEW_SERIES, withoutSeries } from './definition.ts';
import { SeriesEditor } from './series-editor.tsx';
import { useExploreWords } from './words.ts';

type Props = { definition: Definition; onChange: (definition: Definition) => void };

/** The question: its series, what they are broken down by, and the ratio between two of them. */
export function Editor({ definition, onChange }: Props) {
  const words = useExploreWords();
  const { series, by } = definition;
  return (
    <section className="panel editor" aria-label={words.questions}>
      <ol className="steps">
        {placed(series).map(({ item: one, place, key }) => (
          <li key={key} className="step-row">
            <SeriesEditor
              series={one}
              place={place}
              isOnly={series.length === 1}
              onChange={(next) => onChange({ ...definition, series: series.with(place, next) })}
              onRemove={() => onChange(withoutSeries(definition, place))}
            />
          </li>
        ))}
      </ol>
      {series.length < MOST_SERIES && (
        <button
          type="button"
          className="button small add-step"
          onClick={() => onChange({ ...definition, series: [...series, NEW_SERIES] })}
        >
          <Icon name="plus" />
          {words.addSeries}
        </button>
      )}
      <div className="options">
        {placed(by.length < MOST_BREAKDOWNS ? [...by, undefined] : by).map(({ item, place, key }) => (
          <BreakdownChoice
            key={key}
            label={place === 0 ? words.by : words.thenBy}
            value={item}
            onChange={(next) =>
              onChange({
                ...definition,
                by: next === undefined ? by.toSpliced(place, 1) : by.toSpliced(place, 1, next),
              })
            }
          />
        ))}
        {series.length > 1 && <RatioChoice definition={definition} onChange={onChange} />}
      </div>
    </section>
  );
}

function RatioChoice({ definition, onChange }: Props) {
  const words = useExploreWords();
  const { words: common } = useSpeech();
  const { ratio, series } = definition;
  if (!ratio) {
    return (
      <button
        type="button"
        className="button small plain"
        onClick={() => onChange({ ...definition, ratio: { of: 2, to: 1 } })}
      >
        <Icon name="plus" />
        {words.addRatio}
      </button>
    );
  }
  const choose = (name: 'of' | 'to', label: string) => (
    <label className="ratio-side">
      <span className="quiet small">{label}</span>
      <select
        className="input"
        value={ratio[name]}
        onChange={(event) =>
          onChange({ ...definition, ratio: { ...ratio, [name]: Number(event.target.value) } })
        }
      >
        {placed(series).map(({ place, key }) => (
          <option key={key} value={place + 1}>
            {place + 1}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <fieldset className="ratio">
      <legend className="label">{words.ratio}</legend>
      {choose('of', words.ratioOf)}
      {choose('to', words.ratioTo)}
      <button
        type="button"
        className="icon-button"
        aria-label={`${common.app.remove}: ${words.ratio}`}
        onClick={() => onChange({ ...definition, ratio: undefined })}
      >
        <Icon name="close" />
      </button>
    </fieldset>
  );
}
