import type { ReactNode } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { Explain } from '../../parts/explain.tsx';
import { DimensionChoice, isDimension } from '../explore/breakdown-choice.tsx';
import { ATTRIBUTIONS, COUNTS, type Definition, ORDERS } from './definition.ts';
import { DurationField } from './duration-field.tsx';

type Props = { definition: Definition; onChange: (definition: Definition) => void };

/** The rules of the funnel as a whole, each with its meaning at hand. */
export function Options({ definition, onChange }: Props) {
  const { words } = useSpeech();
  const { order, countBy, breakdown } = definition;
  return (
    <div className="options">
      <Option label={words.funnel.window} explanation={words.funnel.windowMeaning}>
        <DurationField
          label={words.funnel.window}
          ms={definition.windowMs}
          onChange={(windowMs) => onChange({ ...definition, windowMs })}
        />
      </Option>
      <Option label={words.funnel.order} explanation={words.funnel.orderMeaning}>
        <Select
          label={words.funnel.order}
          value={order}
          options={ORDERS}
          nameOf={(one) => words.funnel.orders[one]}
          onChange={(next) => onChange({ ...definition, order: next })}
        />
      </Option>
      <Option label={words.funnel.countBy} explanation={words.funnel.countByMeaning}>
        <Select
          label={words.funnel.countBy}
          value={countBy}
          options={COUNTS}
          nameOf={(one) => words.funnel.counts[one]}
          onChange={(next) => onChange({ ...definition, countBy: next })}
        />
      </Option>
      <Option label={words.funnel.breakdown} explanation={words.funnel.breakdownMeaning}>
        <DimensionChoice
          label={words.funnel.breakdown}
          value={isDimension(breakdown?.property) ? breakdown.property : undefined}
          onChange={(property) =>
            onChange({
              ...definition,
              breakdown:
                property === undefined
                  ? undefined
                  : { property, attribution: breakdown?.attribution ?? 'first' },
            })
          }
        />
      </Option>
      {breakdown && (
        <Option label={words.funnel.attribution} explanation={words.funnel.attributionMeaning}>
          <Select
            label={words.funnel.attribution}
            value={breakdown.attribution}
            options={ATTRIBUTIONS}
            nameOf={(one) => words.funnel.attributions[one]}
            onChange={(attribution) => onChange({ ...definition, breakdown: { ...breakdown, attribution } })}
          />
        </Option>
      )}
      {order !== 'any' && (
        <label className="check">
          <input
            type="checkbox"
            checked={definition.isFirstTime}
            onChange={(event) => onChange({ ...definition, isFirstTime: event.target.checked })}
          />
          {words.funnel.firstTime}
        </label>
      )}
    </div>
  );
}

function Option({
  label,
  explanation,
  children,
}: {
  label: string;
  explanation: string;
  children: ReactNode;
}) {
  return (
    <div className="option">
      <span className="with-explain">
        <span className="label">{label}</span>
        <Explain what={label}>
          <p>{explanation}</p>
        </Explain>
      </span>
      {children}
    </div>
  );
}

type SelectProps<Value extends string> = {
  label: string;
  value: Value;
  options: readonly Value[];
  nameOf: (value: Value) => string;
  onChange: (value: Value) => void;
};

function Select<Value extends string>({ label, value, options, nameOf, onChange }: SelectProps<Value>) {
  return (
    <select
      className="input"
      aria-label={label}
      value={value}
      onChange={(event) => {
        const next = options.find((one) => one === event.target.value);
        if (next !== undefined) onChange(next);
      }}
    >
      {options.map((one) => (
        <option key={one} value={one}>
          {nameOf(one)}
        </option>
      ))}
    </select>
  );
}
