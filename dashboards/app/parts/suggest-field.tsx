import { Autocomplete } from '@base-ui/react/autocomplete';
import { useEffect, useRef, useState } from 'react';
import { wildcardToRegExp } from '../../reports/wildcard.ts';
import { useSpeech } from '../../words/words.tsx';

/** `name`: what a reader calls the value, where that is not the value itself. Either may be typed. */
export type Suggestion = { value: string; name?: string; note?: string };
export type SuggestionGroup = {
  label: string;
  items: Suggestion[];
  /** These are paths, in which `*` stands for any text. */
  takesWildcard?: boolean;
  /** There are more than these. */
  isCut?: boolean;
};

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
  const shown = nameOf(value, groups);
  const [text, setText] = useState(shown);
  const place = useRef<HTMLDivElement>(null);
  const { contains } = Autocomplete.useFilter();
  useEffect(() => setText(shown), [shown]);
  const commit = (typed: string) => {
    const next = storedValue(typed.trim(), groups);
    if (next !== value) onCommit(next);
  };
  const pattern = patternIn(text, groups);
  return (
    <div className="suggest" ref={place}>
      <Autocomplete.Root
        items={groups.map(({ label: heading, items }) => ({ value: heading, items }))}
        itemToStringValue={nameOfItem}
        filter={(item: Suggestion, query) =>
          pattern
            ? pattern.test(item.value)
            : contains(item.value, query) || (item.name !== undefined && contains(item.name, query))
        }
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
              <Popup pattern={pattern} groups={groups} />
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </div>
  );
}

function Popup({ pattern, groups }: { pattern: RegExp | undefined; groups: SuggestionGroup[] }) {
  return (
    <>
      <Autocomplete.Status className="combo-said quiet">
        {pattern && <Fitting pattern={pattern} groups={groups} />}
      </Autocomplete.Status>
      <Autocomplete.List className="combo-list">
        {(group: { value: string; items: Suggestion[] }) => (
          <Autocomplete.Group key={group.value} items={group.items}>
            <Autocomplete.GroupLabel className="menu-head">{group.value}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(item: Suggestion) => (
                <Autocomplete.Item key={item.value} value={item} className="combo-item">
                  <span>
                    {nameOfItem(item)}
                    {item.name !== undefined && <span className="quiet small"> {item.value}</span>}
                  </span>
                  {item.note && <span className="quiet number">{item.note}</span>}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
    </>
  );
}

/** How many of the known pages a wildcard takes in. */
function Fitting({ pattern, groups }: { pattern: RegExp; groups: SuggestionGroup[] }) {
  const { words, format } = useSpeech();
  const pages = groups.filter(({ takesWildcard }) => takesWildcard);
  const count = pages.flatMap(({ items }) => items).filter(({ value }) => pattern.test(value)).length;
  if (count === 0) return pages.some(({ isCut }) => isCut) ? null : words.funnel.noPageFits;
  return pages.some(({ isCut }) => isCut)
    ? words.funnel.pagesFitAtLeast(format.number(count))
    : words.funnel.pagesFit(format.number(count), count === 1);
}

function patternIn(text: string, groups: SuggestionGroup[]): RegExp | undefined {
  const isWildcard = text.startsWith('/') && text.includes('*');
  return isWildcard && groups.some(({ takesWildcard }) => takesWildcard)
    ? wildcardToRegExp(text.trim())
    : undefined;
}

function nameOfItem({ name, value }: Suggestion): string {
  return name ?? value;
}

function nameOf(value: string, groups: SuggestionGroup[]): string {
  const item = groups.flatMap(({ items }) => items).find((one) => one.value === value);
  return item ? nameOfItem(item) : value;
}

/** The value as it is stored, for a value or for the name that stands for one, however its letters are cased. */
function storedValue(typed: string, groups: SuggestionGroup[]): string {
  const items = groups.flatMap((group) => group.items);
  if (items.some(({ value }) => value === typed)) return typed;
  const lower = typed.toLocaleLowerCase();
  return items.find(({ name }) => name?.toLocaleLowerCase() === lower)?.value ?? typed;
}
