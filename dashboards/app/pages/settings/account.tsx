import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BrowserSession } from '../../../api/sign-in/user-credentials.ts';
import { LANGUAGES } from '../../../words/words.tsx';
import { type Me, meQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { Choices } from '../../parts/choices.tsx';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { applyTheme, readPreferences, savePreferences, THEMES, type Theme } from '../../state/preferences.ts';
import { useView } from '../../state/use-view.ts';
import { useSettingsSpeech } from './words.ts';

/** Who one is, how the pages look and behave on this device, one's password and open sessions. */
export function AccountSettings() {
  const { data: me } = useQuery(meQuery);
  return (
    <>
      <Look me={me} />
      {me && <Password me={me} />}
      <Sessions />
    </>
  );
}

function Look({ me }: { me: Me | undefined }) {
  const { words, language } = useSettingsSpeech();
  const [theme, setTheme] = useState<Theme>(() => readPreferences().theme);
  const [hasShortcuts, setShortcuts] = useState(() => readPreferences().hasShortcuts);
  return (
    <section className="panel" aria-labelledby="account-title">
      <h2 id="account-title">{words.nav.account}</h2>
      <div className="form">
        {me && (
          <p>
            {me.email} <span className="tag">{words.settings.roles[me.role]}</span>
          </p>
        )}
        <div className="form-row">
          <Choices
            label={words.theme.label}
            options={THEMES.map((value) => ({ value, label: words.theme[value] }))}
            picked={theme}
            onPick={(next) => {
              savePreferences({ theme: next });
              applyTheme(next);
              setTheme(next);
            }}
          />
          <Choices
            label={words.language.label}
            options={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
            picked={language as string}
            onPick={(locale) => {
              savePreferences({ locale });
              location.reload();
            }}
          />
        </div>
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
      </div>
    </section>
  );
}

function Password({ me }: { me: Me }) {
  const { words } = useSettingsSpeech();
  const queries = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => request<void>('/api/me/password', { method: 'PUT', body: { current, next } }),
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      await queries.invalidateQueries(meQuery);
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  return (
    <section className="panel" aria-labelledby="password-title">
      <h2 id="password-title">{words.account.password}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          change.mutate();
        }}
      >
        <input type="email" autoComplete="username" value={me.email} readOnly hidden />
        <div className="form-row">
          {me.hasPassword && (
            <label className="field">
              <span className="label">{words.account.current}</span>
              <input
                className="input"
                type="password"
                autoComplete="current-password"
                required
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
              />
            </label>
          )}
          <label className="field">
            <span className="label">{words.account.next}</span>
            <input
              className="input"
              type="password"
              autoComplete="new-password"
              required
              minLength={10}
              maxLength={200}
              value={next}
              onChange={(event) => setNext(event.target.value)}
            />
          </label>
          <button type="submit" className="button primary" disabled={change.isPending}>
            {me.hasPassword ? words.account.change : words.account.choose}
          </button>
        </div>
        <p className="hint">{words.account.nextHint}</p>
        {change.error && (
          <p className="wrong" role="alert">
            {change.error.message || words.failed.offline}
          </p>
        )}
        <p className="hint" role="status">
          {change.isSuccess && words.account.changed}
        </p>
      </form>
    </section>
  );
}

const SESSIONS = '/api/me/sessions';

function Sessions() {
  const { words } = useSettingsSpeech();
  const queries = useQueryClient();
  const refresh = () => queries.invalidateQueries({ queryKey: ['sessions'] });
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => request<{ rows: BrowserSession[]; current: string }>(SESSIONS, { signal }),
  });
  const end = useMutation({
    mutationFn: (id: string) => request<void>(`${SESSIONS}/${id}`, { method: 'DELETE' }),
    onSuccess: refresh,
  });
  const endOthers = useMutation({
    mutationFn: () => request<void>(SESSIONS, { method: 'DELETE' }),
    onSuccess: refresh,
  });
  return (
    <ReportCard
      title={words.account.sessions}
      height={120}
      state={toLoadState(sessions, words.failed.offline)}
      tools={
        (sessions.data?.rows.length ?? 0) > 1 && (
          <button type="button" className="button small" onClick={() => endOthers.mutate()}>
            {words.account.endOthers}
          </button>
        )
      }
    >
      {({ rows, current }) => (
        <ul className="lines">
          {rows.map((session) => (
            <SessionLine
              key={session.session_id}
              session={session}
              isThis={session.session_id === current}
              onEnd={() => end.mutate(session.session_id)}
            />
          ))}
        </ul>
      )}
    </ReportCard>
  );
}

type LineProps = { session: BrowserSession; isThis: boolean; onEnd: () => void };

function SessionLine({ session, isThis, onEnd }: LineProps) {
  const { words, format } = useSettingsSpeech();
  const { site } = useView();
  const name =
    session.browser === ''
      ? words.account.unknown
      : session.os === ''
        ? session.browser
        : words.account.on(session.browser, session.os);
  return (
    <li>
      <span className="member-name">
        <strong>{name}</strong> {isThis && <span className="tag">{words.account.thisOne}</span>}{' '}
        <span className="quiet small">
          {words.account.since(format.dateTime(session.began_ms, site.time_zone))}
        </span>
      </span>
      {!isThis && (
        <button type="button" className="button small" aria-label={words.account.end(name)} onClick={onEnd}>
          {words.account.endShort}
        </button>
      )}
    </li>
  );
}
