export type Part = {
  key: string;
  size: number;
  note: string /** 0 (pale) to 4 (full), or a rating. */;
  tone: number | 'good' | 'warn' | 'bad';
};

/** Parts of a whole in one bar. What each part is stands in its title, and in the bar's name all together. */
export function Shares({ label, parts }: { label: string; parts: Part[] }) {
  const whole = parts.reduce((sum, part) => sum + part.size, 0);
  if (whole === 0) return null;
  const shown = parts.filter((part) => part.size > 0);
  return (
    <span className="shares" role="img" aria-label={`${label}: ${shown.map((part) => part.note).join('; ')}`}>
      {shown.map((part) => (
        <span
          key={part.key}
          className={`share-part tone-${part.tone}`}
          style={{ width: `${(part.size / whole) * 100}%` }}
          title={part.note}
        />
      ))}
    </span>
  );
}
