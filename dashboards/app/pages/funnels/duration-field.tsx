import { useEffect, useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';

const UNITS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
type Unit = keyof typeof UNITS;

/** A length of time as a number and a unit. */
export function DurationField({
  label,
  ms,
  onChange,
}: {
  label: string;
  ms: number;
  onChange: (ms: number) => void;
}) {
  const { words } = useSpeech();
  const [unit, setUnit] = useState<Unit>(unitOf(ms));
  const [count, setCount] = useState(String(ms / UNITS[unit]));
  useEffect(() => {
    setUnit(unitOf(ms));
    setCount(String(ms / UNITS[unitOf(ms)]));
  }, [ms]);
  const commit = (nextCount: string, nextUnit: Unit) => {
    const next = Math.round(Number(nextCount) * UNITS[nextUnit]);
    if (Number.isFinite(next) && next > 0 && next !== ms) onChange(next);
  };
  return (
    <span className="duration">
      <input
        className="input"
        type="number"
        min="1"
        aria-label={label}
        value={count}
        onChange={(event) => setCount(event.target.value)}
        onBlur={() => commit(count, unit)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') commit(count, unit);
        }}
      />
      <select
        className="input"
        aria-label={words.funnel.unit}
        value={unit}
        onChange={(event) => commit(count, toUnit(event.target.value))}
      >
        {Object.keys(UNITS).map((one) => (
          <option key={one} value={one}>
            {words.units[toUnit(one)]}
          </option>
        ))}
      </select>
    </span>
  );
}

/** The largest unit that holds it whole times. */
function unitOf(ms: number): Unit {
  const fitting = Object.entries(UNITS).findLast(([, length]) => ms % length === 0);
  return toUnit(fitting?.[0] ?? 'second');
}

function toUnit(text: string): Unit {
  return text === 'minute' || text === 'hour' || text === 'day' ? text : 'second';
}
