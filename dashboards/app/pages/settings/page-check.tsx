import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Finding } from '../../../api/page-check/judge-page.ts';
import { request } from '../../api/request.ts';
import { Icon } from '../../parts/icon.tsx';
import { useView } from '../../state/use-view.ts';
import { useSettingsSpeech } from './words.ts';

/** Has the server read a page, and says what keeps the tag from working there. */
export function PageCheck() {
  const { words } = useSettingsSpeech();
  const { site } = useView();
  const [url, setUrl] = useState('');
  const check = useMutation({
    mutationFn: (address: string) =>
      request<{ findings: Finding[] }>(`/api/sites/${encodeURIComponent(site.site_id)}/check`, {
        body: { url: address },
      }),
  });
  return (
    <section className="panel" aria-labelledby="page-check-title">
      <h2 id="page-check-title">{words.check.title}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          check.mutate(withScheme(url));
        }}
      >
        <div className="form-row">
          <label className="field">
            <span className="label">{words.check.address}</span>
            <input
              className="input"
              required
              inputMode="url"
              placeholder="https://www.example.com/"
              value={url}
              onChange={(event) => setUrl(event.target.value)}
            />
          </label>
          <button type="submit" className="button" disabled={check.isPending}>
            {words.check.run}
          </button>
        </div>
        <div role="status">
          {check.isPending && <p className="hint">{words.check.asking}</p>}
          {check.data && <Findings findings={check.data.findings} />}
        </div>
        {check.error && (
          <p className="wrong" role="alert">
            {check.error.message || words.failed.offline}
          </p>
        )}
        <p className="hint">{words.check.fromHere}</p>
      </form>
    </section>
  );
}

function Findings({ findings }: { findings: Finding[] }) {
  const { words } = useSettingsSpeech();
  if (findings.length === 0) {
    return (
      <p className="sight seen">
        <Icon name="check" />
        {words.check.works}
      </p>
    );
  }
  return (
    <ul className="checklist">
      {findings.map(({ kind, detail }) => (
        <li key={kind}>
          {words.check.findings[kind]} {detail && <code>{detail}</code>}
        </li>
      ))}
    </ul>
  );
}

/** People type addresses as they say them. */
function withScheme(text: string): string {
  const typed = text.trim();
  return /^https?:\/\//i.test(typed) ? typed : `https://${typed}`;
}
