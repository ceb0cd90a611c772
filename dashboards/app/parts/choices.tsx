import { useEffect, useRef } from 'react';

type Option<Value extends string> = { value: Value; label: string };

type Props<Value extends string> = {
  label: string;
  options: readonly Option<Value>[];
  picked: Value;
  onPick: (value: Value) => void;
};

/** A few choices side by side, one of them taken. */
export function Choices<Value extends string>({ label, options, picked, onPick }: Props<Value>) {
  const row = usePickedInSight(picked);
  return (
    <fieldset className="choices" ref={row}>
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
  const row = usePickedInSight(picked);
  return (
    <fieldset className="tabs" ref={row}>
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

/** On a phone the row scrolls sideways: what is picked must not lie beside the screen. Scrolls the row alone, not the page. */
function usePickedInSight(picked: string) {
  const row = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    const box = row.current;
    const button = box?.querySelector<HTMLElement>(`[aria-pressed="true"]`);
    if (!box || !button || picked === '') return;
    const [outer, inner] = [box.getBoundingClientRect(), button.getBoundingClientRect()];
    if (inner.right > outer.right) box.scrollLeft += inner.right - outer.right;
    else if (inner.left < outer.left) box.scrollLeft -= outer.left - inner.left;
  }, [picked]);
  return row;
}
