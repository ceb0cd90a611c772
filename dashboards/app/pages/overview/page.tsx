import { type ComponentType, lazy, Suspense } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { WhenNear } from '../../parts/when-near.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { Graph } from './graph.tsx';
import { RankingPanel } from './ranking-panel.tsx';

// What lies further down comes when the reader does: the first page's script is what the first screen needs.
const PlacesPanel = lazy(() => import('./places-panel.tsx').then((file) => ({ default: file.PlacesPanel })));
const GoalPanel = lazy(() => import('./goal-panel.tsx').then((file) => ({ default: file.GoalPanel })));
const EventsPanel = lazy(() => import('./events-panel.tsx').then((file) => ({ default: file.EventsPanel })));
const VitalsPanel = lazy(() => import('./vitals-panel.tsx').then((file) => ({ default: file.VitalsPanel })));
const FunnelPanel = lazy(() => import('./funnel-panel.tsx').then((file) => ({ default: file.FunnelPanel })));

const HEIGHT = 390;

/** The owner's page: how many, from where, to what, and whether it works. */
export function OverviewPage() {
  const { words } = useSpeech();
  return (
    <ReportPage title={words.overview.title}>
      <Graph />
      <div className="panels">
        <RankingPanel
          title={words.overview.sources}
          dimensions={['channel', 'source', 'campaign', 'referrer']}
        />
        <RankingPanel title={words.overview.pages} dimensions={['page', 'entry_page', 'exit_page']} />
        <Later panel={PlacesPanel} />
        <WhenNear height={HEIGHT}>
          <RankingPanel title={words.overview.devices} dimensions={['device', 'browser', 'os', 'screen']} />
        </WhenNear>
        <Later panel={GoalPanel} />
        <Later panel={EventsPanel} />
        <WhenNear height={HEIGHT}>
          <RankingPanel
            title={words.panels.links}
            dimensions={['outbound_link', 'file_download', 'form_submit', 'not_found']}
            empty={
              <div className="message">
                <strong>{words.empty.title}</strong>
                <span>{words.panels.linksHint}</span>
              </div>
            }
          />
        </WhenNear>
        <Later panel={VitalsPanel} />
        <Later panel={FunnelPanel} height={460} isWide />
      </div>
    </ReportPage>
  );
}

type LaterProps = { panel: ComponentType; height?: number; isWide?: boolean };

function Later({ panel: Panel, height = HEIGHT, isWide = false }: LaterProps) {
  return (
    <WhenNear height={height} isWide={isWide}>
      <Suspense
        fallback={
          <div className={isWide ? 'panel wide' : 'panel'}>
            <div className="skeleton" style={{ '--report-height': `${height - 34}px` }} />
          </div>
        }
      >
        <Panel />
      </Suspense>
    </WhenNear>
  );
}
