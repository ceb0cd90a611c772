import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member } from '../../../api/members.ts';
import type { Role } from '../../../api/sign-in/accounts.ts';
import { type Me, meQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportCard } from '../../parts/report-card.tsx';
import { useSettingsSpeech } from './words.ts';

const ROLES = ['owner', 'admin', 'analyst', 'viewer'] as const satisfies readonly Role[];
const PATH = '/api/members';

/** What somebody may give at most: their own role. */
const upTo = (role: Role) => ROLES.slice(ROLES.indexOf(role));

/** Who may come in, and as what. */
export function MemberSettings() {
  const { words } = useSettingsSpeech();
  const { data: me } = useQuery(meQuery);
  if (!me) return null;
  if (me.role !== 'owner' && me.role !== 'admin') return <p className="panel">{words.members.only}</p>;
  return (
    <>
      <Invite me={me} />
      <MemberList me={me} />
    </>
  );
}

const useRefresh = () => {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: ['members'] });
};

function Invite({ me }: { me: Me }) {
  const { words } = useSettingsSpeech();
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const refresh = useRefresh();
  const invite = useMutation({
    mutationFn: () => request<Member & { link: string }>(PATH, { body: { email: email.trim(), role } }),
    onSuccess: () => {
      setEmail('');
      return refresh();
    },
  });
  return (
    <section className="panel" aria-labelledby="invite-title">
      <h2 id="invite-title">{words.members.invite}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate();
        }}
      >
        <div className="form-row">
          <label className="field">
            <span className="label">{words.members.email}</span>
            <input
              className="input"
              type="email"
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          </label>
          <div className="field">
            <span className="label">{words.members.role}</span>
            <RoleSelect me={me} role={role} label={words.members.role} onPick={setRole} />
          </div>
          <button type="submit" className="button primary" disabled={invite.isPending}>
            {words.members.make}
          </button>
        </div>
        <p className="hint">{words.members.roles[role]}</p>
        {invite.error && <p className="wrong">{invite.error.message || words.failed.offline}</p>}
      </form>
      {invite.data && <LinkOnce link={invite.data.link} hint={words.members.linkOnce} />}
    </section>
  );
}

function LinkOnce({ link, hint }: { link: string; hint: string }) {
  const { words } = useSettingsSpeech();
  return (
    <div role="status" className="form">
      <p className="hint">{hint}</p>
      <code className="code">{link}</code>
      <span>
        <CopyButton label={words.members.copyLink} text={() => link} />
      </span>
    </div>
  );
}

type RoleSelectProps = { me: Me; role: Role; label: string; onPick: (role: Role) => void };

function RoleSelect({ me, role, label, onPick }: RoleSelectProps) {
  const { words } = useSettingsSpeech();
  return (
    <select
      className="input"
      aria-label={label}
      value={role}
      onChange={(event) => onPick(ROLES.find((one) => one === event.target.value) ?? role)}
    >
      {upTo(me.role).map((one) => (
        <option key={one} value={one}>
          {words.settings.roles[one]}
        </option>
      ))}
    </select>
  );
}

function MemberList({ me }: { me: Me }) {
  const { words } = useSettingsSpeech();
  const members = useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => request<{ rows: Member[] }>(PATH, { signal }).then(({ rows }) => rows),
  });
  return (
    <ReportCard title={words.members.title} height={160} state={toLoadState(members, words.failed.offline)}>
      {(rows) => (
        <ul className="lines">
          {rows.map((member) => (
            <MemberLine key={member.user_id} me={me} member={member} />
          ))}
        </ul>
      )}
    </ReportCard>
  );
}

function MemberLine({ me, member }: { me: Me; member: Member }) {
  const { words } = useSettingsSpeech();
  const refresh = useRefresh();
  const [isAsking, setAsking] = useState(false);
  const path = `${PATH}/${member.user_id}`;
  const change = useMutation({
    mutationFn: (role: Role) => request<Member>(path, { method: 'PUT', body: { role } }),
    onSuccess: refresh,
  });
  const renew = useMutation({
    mutationFn: () => request<{ link: string }>(`${path}/link`, { method: 'POST' }),
  });
  const remove = useMutation({
    mutationFn: () => request<void>(path, { method: 'DELETE' }),
    onSuccess: refresh,
  });
  const error = change.error ?? renew.error ?? remove.error;
  const mayManage = upTo(me.role).includes(member.role);
  return (
    <li className="member">
      <span className="member-name">
        <strong>{member.email}</strong>{' '}
        {member.user_id === me.userId && <span className="tag">{words.members.you}</span>}
        {member.is_invited && member.user_id !== me.userId && (
          <span className="tag warn">{words.members.invited}</span>
        )}
      </span>
      {mayManage ? (
        <span className="actions">
          <RoleSelect
            me={me}
            role={member.role}
            label={words.members.roleOf(member.email)}
            onPick={(role) => change.mutate(role)}
          />
          <button
            type="button"
            className="button small"
            aria-label={words.members.newLink(member.email)}
            onClick={() => renew.mutate()}
          >
            {words.members.newLinkShort}
          </button>
          <button
            type="button"
            className="icon-button"
            aria-label={words.members.remove(member.email)}
            onClick={() => setAsking(true)}
          >
            <Icon name="trash" />
          </button>
        </span>
      ) : (
        <span className="tag">{words.settings.roles[member.role]}</span>
      )}
      {isAsking && (
        <div className="member-more" role="alert">
          <p>{words.members.removeAsk(member.email)}</p>
          <span className="actions">
            <button type="button" className="button small danger" onClick={() => remove.mutate()}>
              {words.app.remove}
            </button>
            <button type="button" className="button small" onClick={() => setAsking(false)}>
              {words.app.cancel}
            </button>
          </span>
        </div>
      )}
      {renew.data && (
        <div className="member-more">
          <LinkOnce
            link={renew.data.link}
            hint={member.is_invited ? words.members.linkOnce : words.members.resetOnce}
          />
        </div>
      )}
      {error && (
        <p className="wrong member-more" role="alert">
          {error.message || words.failed.offline}
        </p>
      )}
    </li>
  );
}
