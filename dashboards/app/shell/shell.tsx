import { useQuery } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useSpeech } from '../../words/words.tsx';
import { meQuery, sitesQuery } from '../api/queries.ts';
import { useView } from '../state/use-view.ts';
import { Alerts } from './alerts.tsx';
import { Failed, NotFound } from './failed.tsx';
import { SideNav, TabBar } from './nav.tsx';

/** What surrounds every page of a site: the way to the other pages, and a place for the page itself. */
export function Shell() {
  const { words } = useSpeech();
  const me = useQuery(meQuery);
  const sites = useQuery(sitesQuery);
  const { site } = useView();
  const error = me.error ?? sites.error;
  if (error) return <Failed error={error} retry={() => void sites.refetch()} />;
  if (sites.data && site.site_id === '') return <NotFound />;
  return (
    <>
      <a className="skip-link" href="#page">
        {words.app.skip}
      </a>
      <div className="shell">
        <SideNav me={me.data} />
        <div className="work">
          {site.is_sample && (
            <aside className="banner" aria-label={words.site.sample}>
              <strong>{words.site.sample}</strong> {words.site.sampleBanner}
            </aside>
          )}
          <Alerts />
          {site.site_id !== '' && <Outlet />}
        </div>
        <TabBar />
      </div>
    </>
  );
}
