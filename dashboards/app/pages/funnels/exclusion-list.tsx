import { useSpeech } from '../../../words/words.tsx';
import { Icon } from '../../parts/icon.tsx';
import { placed } from '../../parts/placed.ts';
import { SuggestField, type SuggestionGroup } from '../../parts/suggest-field.tsx';
import type { Exclusion } from './definition.ts';

type Props = {
  exclusions: Exclusion[];
  stepCount: number;
  suggestions: SuggestionGroup[];
  onChange: (exclusions: Exclusion[]) => void;
};

/** What must not happen between two steps. */
export function ExclusionList({ exclusions, stepCount, suggestions, onChange }: Props) {
  const { words } = useSpeech();
  return (
    <div className="exclusions">
      {placed(exclusions).map(({ item: exclusion, place: index, key }) => (
        <div className="exclusion" key={key}>
          <span className="quiet small">{words.funnel.without}</span>
          <SuggestField
            label={words.funnel.without}
            value={exclusion.what}
            groups={suggestions}
            placeholder={words.funnel.stepHint}
            onCommit={(what) => onChange(exclusions.with(index, { ...exclusion, what }))}
          />
          <button
            type="button"
            className="icon-button"
            aria-label={words.funnel.removeExclusion}
            onClick={() => onChange(exclusions.toSpliced(index, 1))}
          >
            <Icon name="close" />
          </button>
          <div className="exclusion-between small">
            <StepChoice
              label={words.funnel.after}
              value={exclusion.after ?? 1}
              steps={range(1, stepCount - 1)}
              onChange={(after) => onChange(exclusions.with(index, { ...exclusion, after }))}
            />
            <StepChoice
              label={words.funnel.before}
              value={exclusion.before ?? stepCount}
              steps={range(2, stepCount)}
              onChange={(before) => onChange(exclusions.with(index, { ...exclusion, before }))}
            />
          </div>
        </div>
      ))}
      <button
        type="button"
        className="button small plain"
        onClick={() => onChange([...exclusions, { what: '', after: undefined, before: undefined }])}
      >
        <Icon name="plus" />
        {words.funnel.addExclusion}
      </button>
    </div>
  );
}

type ChoiceProps = { label: string; value: number; steps: number[]; onChange: (step: number) => void };

function StepChoice({ label, value, steps, onChange }: ChoiceProps) {
  return (
    <label>
      <span className="quiet">{label}</span>
      <select className="input" value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {steps.map((step) => (
          <option key={step}>{step}</option>
        ))}
      </select>
    </label>
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}
