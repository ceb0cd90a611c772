import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { Choices } from '../../parts/choices.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { placed } from '../../parts/placed.ts';
import { FilterEditor } from '../../shell/filter-editor.tsx';
import { BehaviourEditor } from './behaviour-editor.tsx';
import { DEEPEST, EMPTY, type Group, type Item, NEW_BEHAVIOUR } from './definition.ts';
import { ConditionRow, SegmentRow } from './item-rows.tsx';
import { useSegmentWords } from './words.ts';

type Props = { group: Group; depth: number; onChange: (group: Group) => void };

/** Conditions, behaviour and further groups, all of which must hold, or any. */
export function GroupEditor({ group, depth, onChange }: Props) {
  const words = useSegmentWords();
  const { words: common } = useSpeech();
  const [isAdding, setAdding] = useState(false);
  const { items, join } = group;
  const set = (next: Item[]) => onChange({ ...group, items: next });
  const kinds = [
    { label: words.addCondition, act: () => setAdding(true), isOn: true },
    { label: words.addBehaviour, act: () => set([...items, NEW_BEHAVIOUR]), isOn: true },
    { label: words.addSegment, act: () => set([...items, { kind: 'segment', id: '' }]), isOn: true },
    {
      label: words.addGroup,
      act: () => set([...items, { ...EMPTY, join: join === 'and' ? 'or' : 'and' }]),
      isOn: depth < DEEPEST,
    },
  ];
  return (
    <fieldset className="group">
      <legend className="unseen">{words.match}</legend>
      <Choices
        label={words.match}
        options={(['and', 'or'] as const).map((value) => ({ value, label: words.matches[value] }))}
        picked={join}
        onPick={(next) => onChange({ ...group, join: next })}
      />
      <ul className="group-items">
        {placed(items).map(({ item, place, key }) => (
          <li key={key} className="group-item">
            {place > 0 && <span className="group-join small quiet">{words.joined[join]}</span>}
            <div className="group-line">
              <OneItem item={item} depth={depth} onChange={(next) => set(items.with(place, next))} />
              <button
                type="button"
                className="icon-button"
                aria-label={`${words.removeItem}: ${words.group} ${depth}, ${place + 1}`}
                onClick={() => set(items.toSpliced(place, 1))}
              >
                <Icon name="close" />
              </button>
            </div>
          </li>
        ))}
      </ul>
      <div className="actions">
        {kinds
          .filter(({ isOn }) => isOn)
          .map(({ label, act }) => (
            <button key={label} type="button" className="button small" onClick={act}>
              <Icon name="plus" />
              {label}
            </button>
          ))}
      </div>
      {isAdding && (
        <Dialog title={common.filter.add} onClose={() => setAdding(false)}>
          <FilterEditor
            filter={undefined}
            onSave={(filter) => {
              set([...items, { kind: 'condition', filter }]);
              setAdding(false);
            }}
          />
        </Dialog>
      )}
    </fieldset>
  );
}

type ItemProps = { item: Item; depth: number; onChange: (item: Item) => void };

function OneItem({ item, depth, onChange }: ItemProps) {
  switch (item.kind) {
    case 'condition':
      return <ConditionRow condition={item} onChange={onChange} />;
    case 'behaviour':
      return <BehaviourEditor behaviour={item} onChange={onChange} />;
    case 'segment':
      return <SegmentRow segment={item} onChange={onChange} />;
    case 'group':
      return <GroupEditor group={item} depth={depth + 1} onChange={onChange} />;
  }
}
