import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { request } from '../../api/request.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';

type Key = { key_id: string; label: string; scopes: string[] };
const SCOPES = ['read', 'sql', 'write', 'import'] as const;
type Scope = (typeof SCOPES)[number];

/** The keys with which programs ask for reports and bring events. A secret is shown once, when it is made. */
export function KeySettings() {
  const { words } = useSpeech();
  const { site } = useView();
  const path = `/api/sites/${encodeURIComponent(site.site_id)}/keys`;
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['keys', site.site_id] });
  const keys = useQuery({
    queryKey: ['keys', site.site_id],
    queryFn: ({ signal }) => request<{ rows: Key[] }>(path, { signal }).then(({ rows }) => rows),
  });
  const revoke = useMutation({
    mutationFn: (id: string) => request<void>(`${path}/${id}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
  return (
    <>
      <NewKey path={path} onMade={refresh} />
      <ReportCard
        title={words.settings.tabs.keys}
        height={120}
        state={toLoadState(keys, words.failed.offline)}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className="message">{words.settings.noKeys}</p>}
      >
        {(rows) => (
          <ul className="lines">
            {rows.map((key) => (
              <li key={key.key_id}>
                <strong>{key.label}</strong>
                <code className="quiet">{key.scopes.join(', ')}</code>
                <button
                  type="button"
                  className="icon-button"
                  aria-label={`${words.settings.revoke}: ${key.label}`}
                  onClick={() => revoke.mutate(key.key_id)}
                >
                  <Icon name="trash" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </ReportCard>
    </>
  );
}

function NewKey({ path, onMade }: { path: string; onMade: () => void }) {
  const { words } = useSpeech();
  const [label, setLabel] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const create = useMutation({
    mutationFn: () => request<{ secret: string }>(path, { body: { label: label.trim(), scopes: [scope] } }),
    onSuccess: () => {
      setLabel('');
      onMade();
    },
  });
  return (
    <section className="panel" aria-labelledby="new-key">
      <h2 id="new-key">{words.settings.newKey}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <div className="form-row">
          <label className="field">
            <span className="label">{words.settings.keyLabel}</span>
            <input
              className="input"
              required
              maxLength={100}
              value={label}
              onChange={(event) => setLabel(event.target.value)}
            />
          </label>
          <label className="field">
            <span className="label">{words.settings.keyScope}</span>
            <select
              className="input"
              value={scope}
              onChange={(event) => setScope(SCOPES.find((one) => one === event.target.value) ?? 'read')}
            >
              {SCOPES.map((one) => (
                <option key={one} value={one}>
                  {words.settings.scopes[one]}
                </option>
              ))}
            </select>
          </label>
          <button type="submit" className="button primary" disabled={create.isPending}>
            {words.settings.newKey}
          </button>
        </div>
        {create.error && <p className="wrong">{create.error.message || words.failed.offline}</p>}
      </form>
      {create.data && (
        <div role="status">
          <p className="hint">{words.settings.keyOnce}</p>
          <code className="code">{create.data.secret}</code>
          <CopyButton label={words.app.copy} text={() => create.data.secret} />
        </div>
      )}
    </section>
  );
}
