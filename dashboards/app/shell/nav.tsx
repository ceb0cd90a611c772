import { Link } from '@tanstack/react-router';
import { useSpeech } from '../../words/words.tsx';
import type { Me } from '../api/queries.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { sharedSearch } from '../state/view.ts';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';

/** The pages of a site in the order of the menu. The first three have a place of their own on a phone. */
export const PAGES = [
  { name: 'overview', to: '/sites/$site/overview' },
  { name: 'funnels', to: '/sites/$site/funnels' },
  { name: 'live', to: '/sites/$site/live' },
  { name: 'conversions', to: '/sites/$site/conversions' },
  { name: 'explore', to: '/sites/$site/explore' },
  { name: 'retention', to: '/sites/$site/retention' },
  { name: 'paths', to: '/sites/$site/paths' },
  { name: 'engagement', to: '/sites/$site/engagement' },
  { name: 'vitals', to: '/sites/$site/vitals' },
  { name: 'people', to: '/sites/$site/people' },
  { name: 'segments', to: '/sites/$site/segments' },
  { name: 'boards', to: '/sites/$site/boards' },
  { name: 'catalogue', to: '/sites/$site/catalogue' },
  { name: 'settings', to: '/sites/$site/settings' },
] as const satisfies readonly { name: IconName; to: string }[];

const ON_PHONE = 4;

export function SideNav({ me }: { me: Me | undefined }) {
  const { words } = useSpeech();
  return (
    <aside className="side" aria-label={words.app.name}>
      <Brand />
      <nav className="nav" aria-label={words.nav.label}>
        {PAGES.map((page) => (
          <PageLink key={page.name} page={page} />
        ))}
      </nav>
      <div className="side-foot">
        <AccountMenu me={me} />
      </div>
    </aside>
  );
}

export function TabBar() {
  const { words } = useSpeech();
  return (
    <nav className="tabbar" aria-label={words.nav.label}>
      {PAGES.slice(0, ON_PHONE).map((page) => (
        <PageLink key={page.name} page={page} />
      ))}
      <Popover
        className="nav-link"
        align="end"
        name={words.app.more}
        label={
          <>
            <Icon name="more" />
            {words.app.more}
          </>
        }
      >
        {(close) =>
          PAGES.slice(ON_PHONE).map((page) => (
            <Link
              key={page.name}
              to={page.to}
              from="/sites/$site"
              search={sharedSearch}
              className="menu-item"
              onClick={close}
            >
              {words.nav[page.name]}
            </Link>
          ))
        }
      </Popover>
    </nav>
  );
}

function PageLink({ page }: { page: (typeof PAGES)[number] }) {
  const { words } = useSpeech();
  return (
    <Link
      to={page.to}
      from="/sites/$site"
      search={sharedSearch}
      className="nav-link"
      activeOptions={{ includeSearch: false }}
    >
      <Icon name={page.name} />
      {words.nav[page.name]}
    </Link>
  );
}
