import { useEffect, useRef, useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { Icon } from '../../parts/icon.tsx';
import { placed } from '../../parts/placed.ts';
import { type Definition, EMPTY_STEP, MOST_STEPS, moveStep, type Step } from './definition.ts';
import { ExclusionList } from './exclusion-list.tsx';
import { Options } from './options.tsx';
import { SaveMenu } from './save-menu.tsx';
import { StepEditor } from './step-editor.tsx';
import { useSuggestions } from './use-suggestions.ts';

type Props = { definition: Definition; onChange: (definition: Definition) => void };

/** The steps in their order: dragged, or moved by the buttons in each step's menu; beneath them the rules, then what saves it all. */
export function Editor({ definition, onChange }: Props) {
  const { words } = useSpeech();
  const suggestions = useSuggestions();
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<number>();
  const [over, setOver] = useState<number>();
  const { steps } = definition;
  const count = steps.length;
  const isAdded = useRef(false);
  useEffect(() => {
    // The address bears the steps: the new one is there a moment after the click.
    if (isAdded.current)
      list.current?.querySelectorAll<HTMLElement>('.step-row')[count - 1]?.querySelector('input')?.focus();
    isAdded.current = false;
  }, [count]);
  const setSteps = (next: Step[]) => onChange({ ...definition, steps: next });
  const move = (from: number, to: number) => {
    setSteps(moveStep(steps, from, to));
    // The focus goes along with the step that was moved by keyboard.
    requestAnimationFrame(() => list.current?.querySelectorAll<HTMLElement>('.step-menu')[to]?.focus());
  };
  return (
    <section className="panel editor" aria-label={words.funnel.editor}>
      <ol className="steps" ref={list}>
        {placed(steps).map(({ item: step, place: index, key }) => (
          <li
            key={key}
            className={over === index && dragged !== undefined ? 'step-row drop-here' : 'step-row'}
            onDragStart={() => setDragged(index)}
            onDragEnd={() => {
              setDragged(undefined);
              setOver(undefined);
            }}
            onDragOver={(event) => {
              if (dragged === undefined) return;
              event.preventDefault();
              setOver(index);
            }}
            onDrop={() => {
              if (dragged !== undefined) setSteps(moveStep(steps, dragged, index));
            }}
          >
            <StepEditor
              step={step}
              index={index}
              count={steps.length}
              suggestions={suggestions}
              onChange={(next) => setSteps(steps.with(index, next))}
              onMove={(to) => move(index, to)}
              onRemove={() => setSteps(steps.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ol>
      {steps.length < MOST_STEPS && (
        <button
          type="button"
          className="button small add-step"
          onClick={() => {
            isAdded.current = true;
            setSteps([...steps, EMPTY_STEP]);
          }}
        >
          <Icon name="plus" />
          {words.funnel.addStep}
        </button>
      )}
      <ExclusionList
        exclusions={definition.exclusions}
        stepCount={steps.length}
        suggestions={suggestions}
        onChange={(exclusions) => onChange({ ...definition, exclusions })}
      />
      <Options definition={definition} onChange={onChange} />
      <SaveMenu definition={definition} />
    </section>
  );
}
