import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useSpeech } from '../../../words/words.tsx';
import { Choices } from '../../parts/choices.tsx';
import { ReportPage } from '../../shell/report-bar.tsx';
import { EventsPanel } from './events-panel.tsx';
import { ExclusionsPanel } from './exclusions-panel.tsx';
import { GroupsPanel } from './groups-panel.tsx';
import { CATALOGUE_TABS } from './search.ts';
import { useCatalogueWords } from './words.ts';

const route = getRouteApi('/sites/$site/catalogue');

/** Every event and property that has arrived, how reports call them, which pages belong together, what does not count. */
export function CataloguePage() {
  const { words } = useSpeech();
  const own = useCatalogueWords();
  const { tab = 'events' } = route.useSearch();
  const navigate = useNavigate();
  return (
    <ReportPage title={words.nav.catalogue}>
      <Choices
        label={own.label}
        options={CATALOGUE_TABS.map((value) => ({ value, label: own.tabs[value] }))}
        picked={tab}
        onPick={(next) => void navigate({ to: '.', search: (before) => ({ ...before, tab: next }) })}
      />
      {tab === 'events' && <EventsPanel />}
      {tab === 'groups' && <GroupsPanel />}
      {tab === 'exclusions' && <ExclusionsPanel />}
    </ReportPage>
  );
}
