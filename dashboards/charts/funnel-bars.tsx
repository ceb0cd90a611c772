import type { ReactNode } from 'react';

/** One funnel step: how many of the first step's people reached it, once per series (breakdown row, compared period). */
export type FunnelStep = {
  /** The same event may be a step twice: its place is part of the key. */
  key: string;
  label: string;
  isOptional: boolean;
  /** What is to be noticed about it, in two words. */
  badge?: string | undefined;
  bars: FunnelBar[];
  /** What stands beneath, in order: the first is set larger. */
  facts: { name: string; value: ReactNode }[];
};

export type FunnelBar = {
  key: string;
  /** Said in full: "Checkout: 120 visitors, 24.0% of the first step". */
  label: string;
  /** A fraction of this series' first step, 0–1. */
  share: number;
  /** Which of the colours; `compared` is grey. */
  series: number | 'compared';
  onPick?: (() => void) | undefined;
};

type Props = { steps: FunnelStep[]; optionalLabel: string };

/** A funnel as columns (on a phone: rows). The filled part are those who came this far, the pale rest are gone. */
export function FunnelBars({ steps, optionalLabel }: Props) {
  return (
    <ol className="funnel">
      {steps.map((step, index) => (
        <li className="funnel-step" key={step.key}>
          <p className="funnel-name">
            <span className="funnel-place">{index + 1}</span>
            <span>
              {step.label} {step.isOptional && <span className="tag">{optionalLabel}</span>}
              {step.badge && <span className="tag warn">{step.badge}</span>}
            </span>
          </p>
          <div className="funnel-columns">
            {step.bars.map((bar) => (
              <Bar key={bar.key} bar={bar} />
            ))}
          </div>
          <dl className="funnel-facts">
            {step.facts.map((fact, place) => (
              <div key={fact.name} className={place === 0 ? 'funnel-fact first' : 'funnel-fact'}>
                <dt>{fact.name}</dt>
                <dd>{fact.value}</dd>
              </div>
            ))}
          </dl>
        </li>
      ))}
    </ol>
  );
}

function Bar({ bar }: { bar: FunnelBar }) {
  const fill = (
    <span
      className={bar.series === 'compared' ? 'funnel-fill series-5' : `funnel-fill series-${bar.series}`}
      style={{ '--share': `${Math.max(0, Math.min(1, bar.share)) * 100}%` }}
    />
  );
  if (!bar.onPick) {
    return (
      <span className="funnel-bar" role="img" aria-label={bar.label} title={bar.label}>
        {fill}
      </span>
    );
  }
  return (
    <button
      type="button"
      className="funnel-bar"
      aria-label={bar.label}
      title={bar.label}
      onClick={bar.onPick}
    >
      {fill}
    </button>
  );
}
