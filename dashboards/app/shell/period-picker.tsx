import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSpeech } from '../../words/words.tsx';
import { Icon } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { COMPARISONS, neighbour, type Period, type Preset } from '../state/period.ts';
import { CUSTOM_FROM, KEY_OF_PRESET, PERIOD_BOX } from '../state/shortcuts.ts';
import { useView } from '../state/use-view.ts';

const GROUPS: Preset[][] = [
  ['today', 'yesterday'],
  ['7d', '28d', '30d', '90d'],
  ['month', 'last_month'],
  ['year', '12m', 'all'],
];

/** The days a page is about: neighbours by arrow, presets and a range of one's own in the menu. */
export function PeriodPicker() {
  const { words, format } = useSpeech();
  const { period, range, today, site, change } = useView();
  const said = typeof period === 'string' ? words.period[period] : format.range(range.from, range.to);
  return (
    <>
      <span className="stepper">
        <button
          type="button"
          className="icon-button"
          aria-label={words.period.earlier}
          onClick={() => change({ period: neighbour(range, -1) })}
        >
          <Icon name="left" />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label={words.period.later}
          disabled={range.to >= today}
          onClick={() => change({ period: neighbour(range, 1) })}
        >
          <Icon name="right" />
        </button>
      </span>
      <Popover
        boxId={PERIOD_BOX}
        align="end"
        name={`${words.period.label}: ${said}`}
        label={
          <>
            {said}
            <Icon name="chevron" className="chevron" />
          </>
        }
      >
        {(close) => (
          <Menu
            period={period}
            onPick={(next) => {
              change({ period: next });
              close();
            }}
          />
        )}
      </Popover>
      <span className="zone quiet small" title={words.site.timeZone(site.time_zone)}>
        <span className="unseen">{words.site.timeZone(site.time_zone)}</span>
        <span aria-hidden="true">{site.time_zone.replace(/^.*\//, '').replaceAll('_', ' ')}</span>
      </span>
    </>
  );
}

function Menu({ period, onPick }: { period: Period; onPick: (period: Period) => void }) {
  const { words } = useSpeech();
  const { site } = useView();
  return (
    <>
      <Link to="/sites/$site/live" params={{ site: site.site_id }} className="menu-item">
        {words.keys.realtime}
        <kbd>R</kbd>
      </Link>
      <hr className="menu-line" />
      {GROUPS.map((group, index) => (
        <div key={group[0]}>
          {index > 0 && <hr className="menu-line" />}
          {group.map((preset) => (
            <button
              key={preset}
              type="button"
              className="menu-item"
              aria-current={preset === period}
              onClick={() => onPick(preset)}
            >
              {words.period[preset]}
              {KEY_OF_PRESET[preset] && <kbd>{KEY_OF_PRESET[preset]}</kbd>}
            </button>
          ))}
        </div>
      ))}
      <hr className="menu-line" />
      <CustomRange onPick={onPick} />
      <p className="menu-head">
        {words.keys.neighbours} <kbd>←</kbd> <kbd>→</kbd>
      </p>
      <p className="menu-head">{words.site.timeZone(site.time_zone)}</p>
    </>
  );
}

/** Two of the browser's own date fields: they speak the reader's language and take the keyboard. */
function CustomRange({ onPick }: { onPick: (period: Period) => void }) {
  const { words } = useSpeech();
  const { range, today } = useView();
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const isWrong = from > to;
  return (
    <form
      className="custom-range"
      onSubmit={(event) => {
        event.preventDefault();
        if (from && to && !isWrong) onPick({ from, to });
      }}
    >
      <p className="menu-head with-key">
        {words.keys.custom} <kbd>C</kbd>
      </p>
      <div className="form-row">
        <label className="field">
          <span className="label">{words.period.from}</span>
          <input
            id={CUSTOM_FROM}
            className="input"
            type="date"
            required
            value={from}
            max={today}
            onChange={(e) => setFrom(e.target.value)}
          />
        </label>
        <label className="field">
          <span className="label">{words.period.to}</span>
          <input
            className="input"
            type="date"
            required
            value={to}
            max={today}
            onChange={(e) => setTo(e.target.value)}
          />
        </label>
        <button type="submit" className="button" disabled={isWrong}>
          {words.period.apply}
        </button>
      </div>
      {isWrong && <p className="wrong">{words.period.wrong}</p>}
    </form>
  );
}

/** What the period is compared with. */
export function ComparisonPicker() {
  const { words, format } = useSpeech();
  const { comparison, compared, noDataBefore, change } = useView();
  const said = noDataBefore
    ? words.compare.noDataBefore(format.dayYear(noDataBefore))
    : compared
      ? words.compare.against(format.range(compared.from, compared.to))
      : words.compare.off;
  return (
    <Popover
      className="button plain comparison"
      align="end"
      name={`${words.compare.label}: ${said}`}
      label={
        <>
          <span className="quiet">{said}</span>
          <Icon name="chevron" className="chevron" />
        </>
      }
    >
      {(close) =>
        COMPARISONS.map((one) => (
          <button
            key={one}
            type="button"
            className="menu-item"
            aria-current={one === comparison}
            onClick={() => {
              change({ comparison: one });
              close();
            }}
          >
            {words.compare[one]}
            {one === comparison && <Icon name="check" />}
            {one === (comparison === 'off' ? 'previous_period' : 'off') && <kbd>X</kbd>}
          </button>
        ))
      }
    </Popover>
  );
}
