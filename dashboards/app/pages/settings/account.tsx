import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { meQuery } from '../../api/queries.ts';
import { readPreferences, savePreferences } from '../../state/preferences.ts';

/** Who one is, and how this device behaves. Theme and language stand in the menu beneath the pages. */
export function AccountSettings() {
  const { words } = useSpeech();
  const { data: me } = useQuery(meQuery);
  const [hasShortcuts, setShortcuts] = useState(() => readPreferences().hasShortcuts);
  return (
    <section className="panel" aria-labelledby="account-title">
      <h2 id="account-title">{words.nav.account}</h2>
      {me && (
        <p>
          {me.email} <span className="tag">{words.settings.roles[me.role]}</span>
        </p>
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={hasShortcuts}
          onChange={(event) => {
            savePreferences({ hasShortcuts: event.target.checked });
            setShortcuts(event.target.checked);
          }}
        />
        {words.settings.shortcuts}
      </label>
      <p className="hint">{words.settings.passwordHint}</p>
      <code className="code">npm run user -- reset {me?.email ?? ''}</code>
    </section>
  );
}
