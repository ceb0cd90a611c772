import { useState } from 'react';
import type { BreakdownRow } from '../../reports/breakdown/report.ts';
import { nameOfField, nameOfValue } from '../../words/dimensions.ts';
import { useSpeech } from '../../words/words.tsx';
import { shared } from '../api/parameters.ts';
import { type ReportAnswer, useReport } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { placed } from '../parts/placed.ts';
import { SuggestField } from '../parts/suggest-field.tsx';
import { FIELD_GROUPS, isField, scopeOf } from '../state/fields.ts';
import { type Filter, OPERATORS, type Operator, takesNoValue } from '../state/filters.ts';
import { useView } from '../state/use-view.ts';

/** Chosen, but not named yet. */
const PROPERTY = 'property:';
const MOST = 200;

/** `field` may be a property that has no name yet. */
type Draft = Omit<Filter, 'field'> & { field: string };

type Props = { filter: Filter | undefined; onSave: (filter: Filter) => void };

/** One filter: where to look, the condition, and values that the site really has. */
export function FilterEditor({ filter, onSave }: Props) {
  const { words } = useSpeech();
  const [draft, setDraft] = useState<Draft>(filter ?? { field: 'source', operator: 'is', values: [''] });
  const isProperty = draft.field.startsWith(PROPERTY);
  const setField = (field: string) =>
    setDraft({ ...draft, field, values: isProperty && field.startsWith(PROPERTY) ? draft.values : [''] });
  const values = takesNoValue(draft.operator)
    ? []
    : draft.values.filter((value, at) => value !== '' || at === 0);
  const { field } = draft;
  const isWhole = isField(field) && (takesNoValue(draft.operator) || values[0] !== '');
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isField(field)) onSave({ field, operator: draft.operator, values });
      }}
    >
      <div className="form-row">
        <label className="field">
          <span className="label">{words.filter.field}</span>
          <select
            className="input"
            value={isProperty ? PROPERTY : draft.field}
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
          </select>
        </label>
        {isProperty && (
          <label className="field">
            <span className="label">{words.filter.propertyName}</span>
            <input
              className="input"
              value={draft.field.slice(PROPERTY.length)}
              onChange={(event) => setField(`${PROPERTY}${event.target.value.trim()}`)}
            />
          </label>
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
      {!takesNoValue(draft.operator) && <Values draft={draft} onChange={setDraft} />}
      <p className="hint">
        {isField(field) ? words.filter.scope[scopeOf(field)] : words.filter.nameProperty}
      </p>
      <div className="actions">
        <button type="submit" className="button primary" disabled={!isWhole}>
          {words.filter.apply}
        </button>
      </div>
    </form>
  );
}

function Values({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }) {
  const { words } = useSpeech();
  const items = useValues(draft.field);
  return (
    <fieldset className="field">
      <legend className="label">{words.filter.value}</legend>
      {placed(draft.values).map(({ item: value, place: index, key }) => (
        <div className="step-line" key={key}>
          {index > 0 && <span className="quiet small">{words.funnel.or}</span>}
          <SuggestField
            label={words.filter.value}
            value={value}
            placeholder={words.filter.chooseValue}
            groups={items.length > 0 ? [{ label: nameOfField(draft.field, words), items }] : []}
            onCommit={(next) => onChange({ ...draft, values: draft.values.with(index, next) })}
          />
          {draft.values.length > 1 && (
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
      <button
        type="button"
        className="more"
        onClick={() => onChange({ ...draft, values: [...draft.values, ''] })}
      >
        {words.filter.anotherValue}
      </button>
    </fieldset>
  );
}

/** What the field holds in this period, the most frequent first. */
function useValues(field: string) {
  const { words, format } = useSpeech();
  const view = useView();
  const state = useReport<ReportAnswer<BreakdownRow>>(
    view.site.site_id,
    'breakdown',
    { ...shared({ ...view, compared: undefined, filters: [] }), dimension: field, limit: MOST },
    { isOn: field !== PROPERTY },
  );
  if (state.status !== 'ready') return [];
  return state.answer.rows
    .filter(({ value }) => value !== '')
    .map(({ value, visitors }) => {
      const name = nameOfValue(field, value, words, format);
      return {
        value,
        note: [name === value ? '' : name, format.compact(visitors)].filter(Boolean).join(' · '),
      };
    });
}

function toOperator(text: string): Operator {
  return OPERATORS.find((one) => one === text) ?? 'is';
}
