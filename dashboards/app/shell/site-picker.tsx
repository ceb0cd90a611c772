import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSpeech } from '../../words/words.tsx';
import { sitesQuery } from '../api/queries.ts';
import { Icon } from '../parts/icon.tsx';
import { Popover } from '../parts/popover.tsx';
import { useView } from '../state/use-view.ts';

export function SitePicker() {
  const { words } = useSpeech();
  const { site } = useView();
  const { data: sites = [] } = useQuery(sitesQuery);
  return (
    <Popover
      className="button plain site-picker"
      name={`${words.site.choose}: ${site.name}`}
      label={
        <>
          <strong>{site.name}</strong>
          <Icon name="chevron" className="chevron" />
        </>
      }
    >
      {(close) => (
        <>
          {sites.map((one) => (
            <Link
              key={one.site_id}
              to="/sites/$site/overview"
              params={{ site: one.site_id }}
              className="menu-item"
              aria-current={one.site_id === site.site_id}
              onClick={close}
            >
              {one.name}
              {one.is_sample ? <span className="tag warn">{words.site.sample}</span> : null}
            </Link>
          ))}
          <hr className="menu-line" />
          <Link to="/sites/new" className="menu-item">
            {words.site.add}
          </Link>
        </>
      )}
    </Popover>
  );
}
