import { Autocomplete } from '@base-ui/react/autocomplete';
import { useEffect, useRef, useState } from 'react';

export type Suggestion = { value: string; note?: string };
export type SuggestionGroup = { label: string; items: Suggestion[] };

type Props = {
  /** Its accessible name. */
  label: string;
  value: string;
  groups: SuggestionGroup[];
  placeholder?: string;
  autoFocus?: boolean;
  /** Called once the reader has decided: by choosing, by Enter, or by leaving the field. */
  onCommit: (value: string) => void;
  /** What is typed, as it is typed, for suggestions that are looked up. */
  onType?: (text: string) => void;
};

const SHOWN = 60;

/** A text field that suggests what exists; anything else may be typed too. */
export function SuggestField({ label, value, groups, placeholder, autoFocus, onCommit, onType }: Props) {
  const [text, setText] = useState(value);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => setText(value), [value]);
  const commit = (next: string) => {
    if (next.trim() !== value) onCommit(next.trim());
  };
  return (
    <div className="suggest" ref={place}>
      <Autocomplete.Root
        items={groups.map(({ label: heading, items }) => ({ value: heading, items }))}
        itemToStringValue={(item: Suggestion) => item.value}
        value={text}
        limit={SHOWN}
        openOnInputClick
        onValueChange={(next, { reason }) => {
          setText(next);
          onType?.(next);
          if (reason === 'item-press') commit(next);
        }}
      >
        <Autocomplete.Input
          className="input"
          aria-label={label}
          placeholder={placeholder}
          spellCheck={false}
          autoFocus={autoFocus}
          onBlur={() => commit(text)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit(text);
          }}
        />
        {/* Stays beside its field, so that it also works inside a modal dialog. */}
        <Autocomplete.Portal container={place}>
          <Autocomplete.Positioner positionMethod="fixed" sideOffset={4} className="suggest-place">
            <Autocomplete.Popup className="suggest-box">
              <Autocomplete.List className="combo-list">
                {(group: { value: string; items: Suggestion[] }) => (
                  <Autocomplete.Group key={group.value} items={group.items}>
                    <Autocomplete.GroupLabel className="menu-head">{group.value}</Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(item: Suggestion) => (
                        <Autocomplete.Item key={item.value} value={item} className="combo-item">
                          <span>{item.value}</span>
                          {item.note && <span className="quiet number">{item.note}</span>}
                        </Autocomplete.Item>
                      )}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </div>
  );
}
