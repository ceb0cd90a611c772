import { useEffect, useState } from 'react';
import type { Dimension } from '../../../reports/dimensions.ts';
import { nameOfField } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { FIELD_GROUPS, isField } from '../../state/fields.ts';
import { useExploreWords } from './words.ts';

type Props = {
  label: string;
  value: Dimension | undefined;
  onChange: (dimension: Dimension | undefined) => void;
};

const PROPERTY = 'property:';

/** A labelled choice of what to group by. */
export function BreakdownChoice(props: Props) {
  return (
    <div className="option">
      <span className="label">{props.label}</span>
      <DimensionChoice {...props} />
    </div>
  );
}

/** One dimension to group by: any that the site knows, or a property by its name. */
export function DimensionChoice({ label, value, onChange }: Props) {
  const words = useExploreWords();
  const { words: common } = useSpeech();
  const [isNaming, setNaming] = useState(value?.startsWith(PROPERTY) ?? false);
  const [name, setName] = useState(value?.startsWith(PROPERTY) ? value.slice(PROPERTY.length) : '');
  useEffect(() => {
    setNaming(value?.startsWith(PROPERTY) ?? false);
    setName(value?.startsWith(PROPERTY) ? value.slice(PROPERTY.length) : '');
  }, [value]);
  const commit = () => {
    const property = name.trim();
    if (property !== '' && `${PROPERTY}${property}` !== value) onChange(`property:${property}`);
  };
  return (
    <div className="stacked">
      <select
        className="input"
        aria-label={label}
        value={isNaming ? PROPERTY : (value ?? '')}
        onChange={(event) => {
          const next = event.target.value;
          setNaming(next === PROPERTY);
          if (next === '') onChange(undefined);
          else if (isDimension(next)) onChange(next);
        }}
      >
        <option value="">{words.nothing}</option>
        {Object.entries(FIELD_GROUPS).map(([group, fields]) => (
          <optgroup
            key={group}
            label={common.filter.groups[group === 'visit' || group === 'visitor' ? group : 'event']}
          >
            {fields.map((field) => (
              <option key={field} value={field}>
                {nameOfField(field, common)}
              </option>
            ))}
          </optgroup>
        ))}
        <option value={PROPERTY}>{words.ofProperty}</option>
      </select>
      {isNaming && (
        <input
          className="input"
          aria-label={words.propertyName}
          placeholder={words.propertyName}
          value={name}
          onChange={(event) => setName(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
          }}
        />
      )}
    </div>
  );
}

export function isDimension(text: string | undefined): text is Dimension {
  return isField(text) && !text.startsWith('trait:') && text !== PROPERTY;
}
