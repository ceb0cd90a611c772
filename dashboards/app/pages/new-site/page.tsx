import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSpeech } from '../../../words/words.tsx';
import { sitesQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Brand } from '../../shell/brand.tsx';
import { toId } from './site-id.ts';

/** Names a new site; from there the settings lead on to its tag. */
export function NewSitePage() {
  const { words } = useSpeech();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [host, setHost] = useState('');
  const create = useMutation({
    mutationFn: () =>
      request<{ site_id: string }>('/api/sites', {
        body: {
          site_id: toId(host || name),
          name: name.trim(),
          time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        },
      }),
    onSuccess: async ({ site_id: site }) => {
      await queries.invalidateQueries(sitesQuery);
      await navigate({ to: '/sites/$site/settings', params: { site } });
    },
  });
  return (
    <main className="alone" id="page">
      <section className="panel welcome">
        <Brand />
        <h1>{words.site.add}</h1>
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate();
          }}
        >
          <label className="field">
            <span className="label">{words.overview.name}</span>
            <input
              className="input"
              required
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <label className="field">
            <span className="label">{words.settings.address}</span>
            <input
              className="input"
              required
              placeholder="www.example.com"
              value={host}
              onChange={(event) => setHost(event.target.value)}
            />
          </label>
          {create.error && <p className="wrong">{create.error.message || words.failed.offline}</p>}
          <button type="submit" className="button primary" disabled={create.isPending}>
            {words.site.add}
          </button>
        </form>
      </section>
    </main>
  );
}
