import { useEffect, useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { SuggestField } from '../../parts/suggest-field.tsx';
import { EventFilters } from '../funnels/event-filters.tsx';
import { useSuggestions } from '../funnels/use-suggestions.ts';
import type { Behaviour } from './definition.ts';
import { useSegmentWords } from './words.ts';

type Props = { behaviour: Behaviour; onChange: (behaviour: Behaviour) => void };

const MOST_TIMES = 10_000;
const MOST_DAYS = 366;
const USUAL_DAYS = 30;

/** "Visitors who did not do Purchase, at least 2 times, in the last 30 days". */
export function BehaviourEditor({ behaviour, onChange }: Props) {
  const words = useSegmentWords();
  const { words: common } = useSpeech();
  const suggestions = useSuggestions();
  const { isNot, withinDays } = behaviour;
  return (
    <div className="condition behaviour">
      <div className="behaviour-line">
        <span>{words.who}</span>
        <select
          className="input narrow"
          aria-label={words.who}
          value={isNot ? 'not' : 'did'}
          onChange={(event) => onChange({ ...behaviour, isNot: event.target.value === 'not' })}
        >
          <option value="did">{words.did}</option>
          <option value="not">{words.didNot}</option>
        </select>
        <SuggestField
          label={`${words.who} ${isNot ? words.didNot : words.did}`}
          value={behaviour.what}
          groups={suggestions}
          placeholder={common.funnel.stepHint}
          onCommit={(what) => onChange({ ...behaviour, what })}
        />
      </div>
      <div className="behaviour-line">
        <span>{words.atLeast}</span>
        <NumberField
          label={`${words.atLeast} … ${words.times}`}
          value={behaviour.atLeast}
          most={MOST_TIMES}
          onCommit={(atLeast) => onChange({ ...behaviour, atLeast })}
        />
        <span>{words.times}</span>
        <select
          className="input narrow"
          aria-label={words.when}
          value={withinDays === undefined ? 'period' : 'days'}
          onChange={(event) =>
            onChange({ ...behaviour, withinDays: event.target.value === 'days' ? USUAL_DAYS : undefined })
          }
        >
          <option value="period">{words.inPeriod}</option>
          <option value="days">{words.withinDays}</option>
        </select>
        {withinDays !== undefined && (
          <NumberField
            label={words.days}
            value={withinDays}
            most={MOST_DAYS}
            onCommit={(days) => onChange({ ...behaviour, withinDays: days })}
          />
        )}
      </div>
      <EventFilters filters={behaviour.filters} onChange={(filters) => onChange({ ...behaviour, filters })} />
      <span className="hint">{words.behaviourHint}</span>
    </div>
  );
}

type NumberProps = { label: string; value: number; most: number; onCommit: (value: number) => void };

/** A whole number from 1 on; what is not one falls back to what was there. */
function NumberField({ label, value, most, onCommit }: NumberProps) {
  const [text, setText] = useState(String(value));
  useEffect(() => setText(String(value)), [value]);
  const commit = () => {
    const next = Math.floor(Number(text));
    if (next >= 1 && next <= most) onCommit(next);
    else setText(String(value));
  };
  return (
    <input
      className="input number-input"
      type="number"
      min={1}
      max={most}
      aria-label={label}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}
