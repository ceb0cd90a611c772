type Option<Value extends string> = { value: Value; label: string };

type Props<Value extends string> = {
  label: string;
  options: readonly Option<Value>[];
  picked: Value;
  onPick: (value: Value) => void;
};

/** A few choices side by side, one of them taken. */
export function Choices<Value extends string>({ label, options, picked, onPick }: Props<Value>) {
  return (
    <fieldset className="choices">
      <legend className="unseen">{label}</legend>
      {options.map(({ value, label: said }) => (
        <button
          key={value}
          type="button"
          className="choice"
          aria-pressed={value === picked}
          onClick={() => onPick(value)}
        >
          {said}
        </button>
      ))}
    </fieldset>
  );
}

/** The same, quieter, for the head of a panel. */
export function Tabs<Value extends string>({ label, options, picked, onPick }: Props<Value>) {
  return (
    <fieldset className="tabs">
      <legend className="unseen">{label}</legend>
      {options.map(({ value, label: said }) => (
        <button
          key={value}
          type="button"
          className="tab"
          aria-pressed={value === picked}
          onClick={() => onPick(value)}
        >
          {said}
        </button>
      ))}
    </fieldset>
  );
}
