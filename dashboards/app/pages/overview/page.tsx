import { useSpeech } from '../../../words/words.tsx';
import { WhenNear } from '../../parts/when-near.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { FunnelPanel } from './funnel-panel.tsx';
import { GoalPanel } from './goal-panel.tsx';
import { Graph } from './graph.tsx';
import { RankingPanel } from './ranking-panel.tsx';

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
        <WhenNear height={390}>
          <RankingPanel
            title={words.overview.places}
            dimensions={['country', 'region', 'city', 'language']}
          />
        </WhenNear>
        <WhenNear height={390}>
          <RankingPanel title={words.overview.devices} dimensions={['device', 'browser', 'os', 'screen']} />
        </WhenNear>
        <WhenNear height={390}>
          <RankingPanel
            title={words.overview.events}
            dimensions={['event', 'outbound_link', 'file_download', 'form_submit']}
          />
        </WhenNear>
        <WhenNear height={390}>
          <GoalPanel />
        </WhenNear>
        <WhenNear height={460} isWide>
          <FunnelPanel />
        </WhenNear>
      </div>
    </ReportPage>
  );
}
