import type { TrackingPlan } from '../../../../collector/site-settings.ts';
import { Icon } from '../../parts/icon.tsx';
import { placed } from '../../parts/placed.ts';
import { useSettingsSpeech } from './words.ts';

type Planned = TrackingPlan['events'][number];
type PlannedProperty = Planned['properties'][number];
const TYPES = ['text', 'number', 'boolean'] as const;

type Props = {
  event: Planned;
  isDisabled: boolean;
  onChange: (event: Planned) => void;
  onRemove: () => void;
};

/** One event of the plan: its name, and the properties it bears. */
export function PlannedEventLines({ event, isDisabled, onChange, onRemove }: Props) {
  const { words } = useSettingsSpeech();
  const setProperties = (properties: PlannedProperty[]) => onChange({ ...event, properties });
  return (
    <fieldset className="planned" disabled={isDisabled}>
      <legend className="unseen">{event.name || words.plan.event}</legend>
      <div className="step-line">
        <input
          className="input"
          aria-label={words.plan.event}
          placeholder={words.plan.event}
          required
          maxLength={100}
          value={event.name}
          onChange={(change) => onChange({ ...event, name: change.target.value })}
        />
        <button
          type="button"
          className="icon-button"
          aria-label={words.plan.removeEvent(event.name)}
          onClick={onRemove}
        >
          <Icon name="trash" />
        </button>
      </div>
      {placed(event.properties).map(({ item, place, key }) => (
        <PropertyLine
          key={key}
          property={item}
          onChange={(property) => setProperties(event.properties.with(place, property))}
          onRemove={() => setProperties(event.properties.toSpliced(place, 1))}
        />
      ))}
      <button
        type="button"
        className="more"
        onClick={() => setProperties([...event.properties, { name: '', type: 'text', required: false }])}
      >
        {words.plan.addProperty}
      </button>
    </fieldset>
  );
}

type PropertyProps = {
  property: PlannedProperty;
  onChange: (property: PlannedProperty) => void;
  onRemove: () => void;
};

function PropertyLine({ property, onChange, onRemove }: PropertyProps) {
  const { words } = useSettingsSpeech();
  return (
    <div className="step-line planned-property">
      <input
        className="input"
        aria-label={words.plan.property}
        placeholder={words.plan.property}
        required
        maxLength={100}
        value={property.name}
        onChange={(change) => onChange({ ...property, name: change.target.value })}
      />
      <select
        className="input narrow"
        aria-label={words.plan.type}
        value={property.type}
        onChange={(change) =>
          onChange({ ...property, type: TYPES.find((one) => one === change.target.value) ?? 'text' })
        }
      >
        {TYPES.map((type) => (
          <option key={type} value={type}>
            {words.plan.types[type]}
          </option>
        ))}
      </select>
      <label className="check">
        <input
          type="checkbox"
          checked={property.required}
          onChange={(change) => onChange({ ...property, required: change.target.checked })}
        />
        {words.plan.required}
      </label>
      <button
        type="button"
        className="icon-button"
        aria-label={words.plan.removeProperty(property.name)}
        onClick={onRemove}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}
