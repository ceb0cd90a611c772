import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useSpeech } from '../../../words/words.tsx';
import { Choices } from '../../parts/choices.tsx';
import { SitePicker } from '../../shell/site-picker.tsx';
import { AccountSettings } from './account.tsx';
import { AuditLog } from './audit.tsx';
import { CollectionSettings } from './collection.tsx';
import { Deletion } from './deletion.tsx';
import { GoalSettings } from './goals.tsx';
import { Install } from './install.tsx';
import { KeySettings } from './keys.tsx';
import { MemberSettings } from './members.tsx';
import { PlanSettings } from './plan.tsx';
import { SETTINGS_TABS } from './search.ts';

const route = getRouteApi('/sites/$site/settings');

/** What an owner sets: the tag, the goals, what is collected, their own account. */
export function SettingsPage() {
  const { words } = useSpeech();
  const { tab = 'install' } = route.useSearch();
  const navigate = useNavigate();
  return (
    <>
      <header className="bar">
        <SitePicker />
      </header>
      <main className="page settings" id="page" tabIndex={-1}>
        <h1>{words.nav.settings}</h1>
        <Choices
          label={words.nav.settings}
          options={SETTINGS_TABS.map((value) => ({ value, label: words.settings.tabs[value] }))}
          picked={tab}
          onPick={(next) => void navigate({ to: '.', search: (before) => ({ ...before, tab: next }) })}
        />
        {inside()}
      </main>
    </>
  );

  function inside() {
    switch (tab) {
      case 'install':
        return <Install />;
      case 'goals':
        return <GoalSettings />;
      case 'plan':
        return <PlanSettings />;
      case 'collection':
        return (
          <>
            <CollectionSettings />
            <Deletion />
          </>
        );
      case 'members':
        return <MemberSettings />;
      case 'keys':
        return <KeySettings />;
      case 'audit':
        return <AuditLog />;
      case 'account':
        return <AccountSettings />;
    }
  }
}
