import { useState } from 'react';
import type { BreakdownRow } from '../../reports/breakdown/report.ts';
import type { CatalogueRow } from '../../reports/catalogue/report.ts';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import { shared, unfiltered } from '../api/parameters.ts';
import { type ReportAnswer, useReport } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { placed } from '../parts/placed.ts';
import { SuggestField, type Suggestion } from '../parts/suggest-field.tsx';
import { FIELD_GROUPS, isField, scopeOf } from '../state/fields.ts';
import { type Filter, OPERATORS, type Operator, takesNoValue } from '../state/filters.ts';
import { useView } from '../state/use-view.ts';

/** Chosen, but not named yet. */
const PROPERTY = 'property:';
const TRAIT = 'trait:';
const MOST = 200;

/** `field` may be a property that has no name yet. */
type Draft = Omit<Filter, 'field'> & { field: string };

type Props = {
  filter: Filter | undefined;
  onSave: (filter: Filter) => void;
  /** Traits are persons’, not events’: a step of a funnel bears none. */
  hasTraits?: boolean;
};

/** One filter: where to look, the condition, and values that the site really has. */
export function FilterEditor({ filter, onSave, hasTraits = true }: Props) {
  const { words, format } = useSpeech();
  const [draft, setDraft] = useState<Draft>(filter ?? { field: 'source', operator: 'is', values: [''] });
  const named = [PROPERTY, TRAIT].find((prefix) => draft.field.startsWith(prefix));
  const setField = (field: string) =>
    setDraft({ ...draft, field, values: named && field.startsWith(named) ? draft.values : [''] });
  const values = takesNoValue(draft.operator)
    ? []
    : draft.values.filter((value, at) => value !== '' || at === 0);
  const { field } = draft;
  const known = useValues(field);
  const unknown = absent(known, draft.operator, values);
  // Once said, it may be applied all the same: tomorrow may bring the value.
  const [warnedOf, setWarnedOf] = useState('');
  const isWarned = unknown.length > 0 && warnedOf === unknown.join();
  const isWhole =
    isField(field) &&
    (takesNoValue(draft.operator) ||
      (draft.operator === 'between' ? values.length === 2 && values[1] !== '' : values[0] !== ''));
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (unknown.length > 0 && !isWarned) setWarnedOf(unknown.join());
        else if (isField(field)) onSave({ field, operator: draft.operator, values });
      }}
    >
      <div className="form-row">
        <label className="field">
          <span className="label">{words.filter.field}</span>
          <select
            className="input"
            value={named ?? draft.field}
            onChange={(event) => setField(event.target.value)}
          >
            {Object.entries(FIELD_GROUPS).map(([group, fields]) => (
              <optgroup
                key={group}
                label={words.filter.groups[group === 'visit' || group === 'visitor' ? group : 'event']}
              >
                {fields.map((field) => (
                  <option key={field} value={field}>
                    {nameOfField(field, words)}
                  </option>
                ))}
              </optgroup>
            ))}
            <option value={PROPERTY}>{words.filter.property}</option>
            {hasTraits && <option value={TRAIT}>{words.filter.trait}</option>}
          </select>
        </label>
        {named && (
          <NameField
            key={named}
            prefix={named}
            name={draft.field.slice(named.length)}
            onCommit={(name) => setField(`${named}${name}`)}
          />
        )}
        <label className="field">
          <span className="label">{words.filter.operator}</span>
          <select
            className="input"
            value={draft.operator}
            onChange={(event) => setDraft({ ...draft, operator: toOperator(event.target.value) })}
          >
            {OPERATORS.map((operator) => (
              <option key={operator} value={operator}>
                {words.filter.operators[operator]}
              </option>
            ))}
          </select>
        </label>
      </div>
      {!takesNoValue(draft.operator) && <Values draft={draft} known={known.items} onChange={setDraft} />}
      <p className={unknown.length > 0 ? 'wrong' : 'unseen'} role="status">
        {unknown.length > 0 && words.filter.noneInPeriod(format.list(unknown))}
      </p>
      <p className="hint">
        {isField(field) ? words.filter.scope[scopeOf(field)] : words.filter.nameProperty}
      </p>
      <div className="actions">
        <button
          type="submit"
          className="button primary"
          disabled={!isWhole || (known.isComing && isExact(draft.operator))}
        >
          {isWarned ? words.filter.applyStill : words.filter.apply}
        </button>
      </div>
    </form>
  );
}

type NameProps = { prefix: string; name: string; onCommit: (name: string) => void };

/** The property's or the trait's name: those that have arrived are suggested. */
function NameField({ prefix, name, onCommit }: NameProps) {
  const { words, format } = useSpeech();
  const view = useView();
  const label = prefix === TRAIT ? words.filter.traitName : words.filter.propertyName;
  const state = useReport<ReportAnswer<CatalogueRow>>(view.site.site_id, 'catalogue', { period: view.range });
  const counts = new Map<string, number>();
  for (const row of state.status === 'ready' ? state.answer.rows : []) {
    if (row.property === '' || (row.kind === 'identify') !== (prefix === TRAIT)) continue;
    counts.set(row.property, (counts.get(row.property) ?? 0) + row.events);
  }
  const items = [...counts].map(([value, events]) => ({ value, note: format.compact(events) }));
  return (
    <div className="field">
      <span className="label">{label}</span>
      <SuggestField
        label={label}
        value={name}
        groups={items.length > 0 ? [{ label, items }] : []}
        onCommit={onCommit}
      />
    </div>
  );
}

type ValuesProps = { draft: Draft; known: Suggestion[]; onChange: (draft: Draft) => void };

function Values({ draft, known: items, onChange }: ValuesProps) {
  const { words } = useSpeech();
  const isRange = draft.operator === 'between';
  const shown = isRange ? [draft.values[0] ?? '', draft.values[1] ?? ''] : draft.values;
  return (
    <fieldset className="field">
      <legend className="label">{words.filter.value}</legend>
      {placed(shown).map(({ item: value, place: index, key }) => (
        <div className="step-line" key={key}>
          {index > 0 && <span className="quiet small">{isRange ? words.filter.and : words.funnel.or}</span>}
          <SuggestField
            label={words.filter.value}
            value={value}
            placeholder={words.filter.chooseValue}
            groups={items.length > 0 ? [{ label: nameOfField(draft.field, words), items }] : []}
            onCommit={(next) => onChange({ ...draft, values: shown.with(index, next) })}
          />
          {draft.values.length > 1 && !isRange && (
            <button
              type="button"
              className="icon-button"
              aria-label={words.filter.remove(value)}
              onClick={() => onChange({ ...draft, values: draft.values.toSpliced(index, 1) })}
            >
              <Icon name="close" />
            </button>
          )}
        </div>
      ))}
      {!isRange && (
        <button
          type="button"
          className="more"
          onClick={() => onChange({ ...draft, values: [...draft.values, ''] })}
        >
          {words.filter.anotherValue}
        </button>
      )}
    </fieldset>
  );
}

/** `isWhole`: no value of the period is missing. `isComing`: not known yet. */
type Known = { items: Suggestion[]; isWhole: boolean; isComing: boolean };

/** What the field holds in this period, the most frequent first. */
function useValues(field: string): Known {
  const { words, format } = useSpeech();
  const view = useView();
  const isOn = field !== PROPERTY && !field.startsWith(TRAIT);
  const state = useReport<ReportAnswer<BreakdownRow>>(
    view.site.site_id,
    'breakdown',
    { ...shared(unfiltered(view)), dimension: field, limit: MOST },
    { isOn },
  );
  if (state.status !== 'ready')
    return { items: [], isWhole: false, isComing: isOn && state.status === 'loading' };
  const { rows } = state.answer;
  const items = rows
    .filter(({ value }) => value !== '')
    .map(({ value, visitors }) => {
      const name = nameOfValue(field, value, words, format);
      return { value, note: format.compact(visitors), ...(name === value ? {} : { name }) };
    });
  return { items, isWhole: rows.length < MOST, isComing: false };
}

/** Which of the values asked for by name do not occur, as far as that is known. */
function absent({ items, isWhole }: Known, operator: Operator, values: string[]): string[] {
  if (!isWhole || !isExact(operator)) return [];
  return values.filter((value) => value !== '' && items.every((item) => item.value !== value));
}

const isExact = (operator: Operator) => operator === 'is' || operator === 'is_not';

function toOperator(text: string): Operator {
  return OPERATORS.find((one) => one === text) ?? 'is';
}
