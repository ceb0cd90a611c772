import { useSpeech } from '../../../words/words.tsx';
import { Icon } from '../../parts/icon.tsx';
import { placed } from '../../parts/placed.ts';
import { Popover } from '../../parts/popover.tsx';
import { SuggestField, type SuggestionGroup } from '../../parts/suggest-field.tsx';
import type { Step } from './definition.ts';
import { DurationField } from './duration-field.tsx';
import { EventFilters } from './event-filters.tsx';

type Props = {
  step: Step;
  index: number;
  count: number;
  suggestions: SuggestionGroup[];
  onChange: (step: Step) => void;
  onMove: (to: number) => void;
  onRemove: () => void;
};

const HOUR_MS = 3_600_000;

/** One step: what it is, what else would do, the filters on it, and a menu for everything rarer. */
export function StepEditor({ step, index, count, suggestions, onChange, ...moves }: Props) {
  const { words } = useSpeech();
  const isInside = index > 0 && index < count - 1;
  return (
    <>
      <span className="step-grip" draggable title={words.funnel.drag}>
        <span className="funnel-place">{index + 1}</span>
      </span>
      <div className="step-body">
        {placed(step.anyOf).map(({ item: text, place, key }) => (
          <div className="step-line" key={key}>
            {place > 0 && <span className="quiet small">{words.funnel.or}</span>}
            <SuggestField
              label={words.funnel.stepLabel(String(index + 1))}
              value={text}
              groups={suggestions}
              placeholder={words.funnel.stepHint}
              onCommit={(next) => onChange({ ...step, anyOf: withText(step.anyOf, place, next) })}
            />
          </div>
        ))}
        <EventFilters filters={step.filters} onChange={(filters) => onChange({ ...step, filters })} />
        {(step.isOptional && isInside) || step.withinMs !== undefined ? (
          <div className="step-rules small">
            {step.isOptional && isInside && <span className="tag">{words.funnel.optional}</span>}
            {step.withinMs !== undefined && index > 0 && (
              <>
                <span className="quiet">{words.funnel.within}</span>
                <DurationField
                  label={words.funnel.within}
                  ms={step.withinMs}
                  onChange={(withinMs) => onChange({ ...step, withinMs })}
                />
              </>
            )}
          </div>
        ) : null}
      </div>
      <StepMenu step={step} index={index} count={count} isInside={isInside} onChange={onChange} {...moves} />
    </>
  );
}

type MenuProps = Pick<Props, 'step' | 'index' | 'count' | 'onChange' | 'onMove' | 'onRemove'> & {
  isInside: boolean;
};

function StepMenu({ step, index, count, isInside, onChange, onMove, onRemove }: MenuProps) {
  const { words } = useSpeech();
  const items = [
    { label: words.funnel.addOr, act: () => onChange({ ...step, anyOf: [...step.anyOf, ''] }), isOn: true },
    {
      label: step.isOptional ? words.funnel.makeRequired : words.funnel.makeOptional,
      act: () => onChange({ ...step, isOptional: !step.isOptional }),
      isOn: isInside,
    },
    {
      label: step.withinMs === undefined ? words.funnel.addWithin : words.funnel.removeWithin,
      act: () => onChange({ ...step, withinMs: step.withinMs === undefined ? HOUR_MS : undefined }),
      isOn: index > 0,
    },
    { label: words.funnel.moveUp, act: () => onMove(index - 1), isOn: index > 0 },
    { label: words.funnel.moveDown, act: () => onMove(index + 1), isOn: index < count - 1 },
    { label: words.funnel.removeStep, act: onRemove, isOn: count > 2 },
  ];
  return (
    <Popover
      className="icon-button step-menu"
      align="end"
      name={words.funnel.stepMenu(String(index + 1))}
      label={<Icon name="more" />}
    >
      {(close) =>
        items
          .filter(({ isOn }) => isOn)
          .map(({ label, act }) => (
            <button
              key={label}
              type="button"
              className="menu-item"
              onClick={() => {
                close();
                act();
              }}
            >
              {label}
            </button>
          ))
      }
    </Popover>
  );
}

/** An emptied alternative goes away; the first one stays, empty. */
function withText(anyOf: Step['anyOf'], place: number, text: string): Step['anyOf'] {
  const [first = '', ...rest] = anyOf.with(place, text).filter((one, at) => one !== '' || at === 0);
  return [first, ...rest];
}
