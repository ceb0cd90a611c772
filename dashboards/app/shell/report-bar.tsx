import type { ReactNode } from 'react';
import { FilterBar } from './filter-bar.tsx';
import { LiveCount } from './live-count.tsx';
import { ComparisonPicker, PeriodPicker } from './period-picker.tsx';
import { Shortcuts } from './shortcuts.tsx';
import { SitePicker } from './site-picker.tsx';

/** A page of a site that follows neither period nor filters. */
export function PlainPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <header className="bar">
        <SitePicker />
        <LiveCount />
      </header>
      <main className="page" id="page" tabIndex={-1}>
        <h1 className="unseen">{title}</h1>
        {children}
      </main>
    </>
  );
}

/** A report page: the bar with site, filters and period on top, the page's panels beneath. */
export function ReportPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <>
      <header className="bar">
        <SitePicker />
        <LiveCount />
        <div className="bar-end">
          <ComparisonPicker />
          <PeriodPicker />
        </div>
        <FilterBar />
      </header>
      <main className="page" id="page" tabIndex={-1}>
        <h1 className="unseen">{title}</h1>
        {children}
      </main>
      <Shortcuts />
    </>
  );
}
