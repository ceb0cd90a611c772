import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { sitesQuery } from '../../api/queries.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useView } from '../../state/use-view.ts';
import { Arrivals } from './arrivals.tsx';
import { PageCheck } from './page-check.tsx';
import { type TagChoices, tagFor, USUAL_TAG } from './tag.ts';

const LOOK_EVERY_MS = 2_000;

/** Paste this tag → waiting for the first page view → seen; and what may be wrong while it is not. */
export function Install() {
  const { words } = useSpeech();
  const { site } = useView();
  const [choices, setChoices] = useState<TagChoices>(USUAL_TAG);
  const tag = tagFor(location.origin, site.site_id, choices);
  return (
    <>
      <section className="panel" aria-labelledby="tag-title">
        <h2 id="tag-title">{words.settings.tagTitle}</h2>
        <p className="hint">{words.settings.tagHint}</p>
        <code className="code">{tag}</code>
        <div className="actions">
          <CopyButton className="button primary" label={words.settings.copyTag} text={() => tag} />
        </div>
        <TagOptions choices={choices} onChange={setChoices} />
      </section>
      <FirstSight />
      <PageCheck />
      <section className="panel" aria-labelledby="check-title">
        <h2 id="check-title">{words.settings.nothingTitle}</h2>
        <ul className="checklist">
          {Object.entries(words.settings.checks).map(([name, check]) => (
            <li key={name}>{check.replace('{origin}', location.origin)}</li>
          ))}
        </ul>
      </section>
    </>
  );
}

function TagOptions({ choices, onChange }: { choices: TagChoices; onChange: (choices: TagChoices) => void }) {
  const { words } = useSpeech();
  return (
    <fieldset className="field tag-options">
      <legend className="label">{words.settings.tagOptions}</legend>
      <label className="check">
        <input
          type="checkbox"
          checked={choices.needsConsent}
          onChange={(event) => onChange({ ...choices, needsConsent: event.target.checked })}
        />
        {words.settings.needsConsent}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={choices.whenDenied === 'nothing'}
          onChange={(event) =>
            onChange({ ...choices, whenDenied: event.target.checked ? 'nothing' : 'cookieless' })
          }
        />
        {words.settings.nothingWhenDenied}
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={choices.hasHashRoutes}
          onChange={(event) => onChange({ ...choices, hasHashRoutes: event.target.checked })}
        />
        {words.settings.hashRoutes}
      </label>
    </fieldset>
  );
}

/** Looks again until the first event is there. */
function FirstSight() {
  const { words, format } = useSpeech();
  const { site } = useView();
  const { data: sites } = useQuery({
    ...sitesQuery,
    refetchInterval: ({ state }) =>
      state.data?.some((one) => one.site_id === site.site_id && one.first_day !== '') ? false : LOOK_EVERY_MS,
  });
  const firstDay = sites?.find((one) => one.site_id === site.site_id)?.first_day ?? '';
  if (firstDay === '') {
    return (
      <p className="panel sight" role="status">
        <span className="live-dot" />
        <span>
          {words.settings.waiting}
          <Arrivals />
        </span>
      </p>
    );
  }
  return (
    <p className="panel sight seen" role="status">
      <Icon name="check" />
      {words.settings.seen(format.dayYear(firstDay))}
      <Link to="/sites/$site/overview" params={{ site: site.site_id }}>
        {words.failed.toOverview}
      </Link>
    </p>
  );
}
