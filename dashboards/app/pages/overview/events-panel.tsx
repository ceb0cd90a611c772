import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CatalogueRow } from '../../../reports/catalogue/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { type ReportAnswer, useReport } from '../../api/queries.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { pickedTab } from '../../state/panel-tabs.ts';
import { useView } from '../../state/use-view.ts';
import { PanelTabs, RankingCard } from './ranking-panel.tsx';

const route = getRouteApi('/sites/$site/overview');
const TABS = ['event', 'property'] as const;

/** The site's own events, or the values of a property that they bear. */
export function EventsPanel() {
  const { words } = useSpeech();
  const tab = pickedTab(route.useSearch().tabs, TABS);
  const tools = <PanelTabs title={words.overview.events} options={TABS} picked={tab} />;
  if (tab === 'property') return <PropertyCard tools={tools} />;
  return (
    <RankingCard
      title={words.overview.events}
      dimension="event"
      tools={tools}
      empty={
        <div className="message">
          <strong>{words.panels.noEvents}</strong>
          <span>{words.panels.noEventsHint}</span>
        </div>
      }
    />
  );
}

/** Which property is chosen from those that really came in the period. */
function PropertyCard({ tools }: { tools: ReactNode }) {
  const { words } = useSpeech();
  const { site, range } = useView();
  const { property } = route.useSearch();
  const navigate = useNavigate();
  const catalogue = useReport<ReportAnswer<CatalogueRow>>(site.site_id, 'catalogue', { period: range });
  const names = catalogue.status === 'ready' ? propertiesOf(catalogue.answer.rows) : [];
  const picked = names.find((name) => name === property) ?? names[0];
  if (picked === undefined) {
    return (
      <ReportCard
        title={words.overview.events}
        tools={tools}
        height={322}
        state={catalogue}
        isEmpty={(answer) => propertiesOf(answer.rows).length === 0}
        empty={
          <div className="message">
            <strong>{words.panels.noProperties}</strong>
            <span>{words.panels.noPropertiesHint}</span>
          </div>
        }
      >
        {() => null}
      </ReportCard>
    );
  }
  return (
    <RankingCard
      title={words.overview.events}
      dimension={`property:${picked}`}
      tools={
        <span className="actions">
          <select
            className="input narrow"
            aria-label={words.panels.property}
            value={picked}
            onChange={(event) =>
              void navigate({ to: '.', search: (before) => ({ ...before, property: event.target.value }) })
            }
          >
            {names.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
          {tools}
        </span>
      }
    />
  );
}

/** Of custom events, each name once, the most frequent first. */
function propertiesOf(rows: CatalogueRow[]): string[] {
  const counts = new Map<string, number>();
  for (const { kind, property, events } of rows) {
    if (kind === 'custom' && property !== '') counts.set(property, (counts.get(property) ?? 0) + events);
  }
  return [...counts].sort(([, a], [, b]) => b - a).map(([name]) => name);
}
