import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BoardLink } from '../../../api/boards/links.ts';
import { useSpeech } from '../../../words/words.tsx';
import { meQuery } from '../../api/queries.ts';
import { request } from '../../api/request.ts';
import type { SavedItem } from '../../api/saved.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Icon } from '../../parts/icon.tsx';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportBody } from '../../parts/report-card.tsx';
import { useView } from '../../state/use-view.ts';
import { useBoardWords } from '../../tiles/words.ts';

type Props = { board: SavedItem<unknown>; onClose: () => void };

/** Who outside may see the board: the links there are, a new one, and the end of each. */
export function LinksDialog({ board, onClose }: Props) {
  const words = useBoardWords();
  const { data: me } = useQuery(meQuery);
  const mayPublish = me?.role === 'owner' || me?.role === 'admin';
  return (
    <Dialog title={words.links} onClose={onClose}>
      <p className="hint">{words.linksHint}</p>
      {mayPublish ? <Links boardId={board.item_id} /> : <p className="message">{words.onlyAdmins}</p>}
    </Dialog>
  );
}

function Links({ boardId }: { boardId: string }) {
  const words = useBoardWords();
  const { words: common, format } = useSpeech();
  const { site } = useView();
  const queries = useQueryClient();
  const path = `/api/sites/${encodeURIComponent(site.site_id)}/boards/${boardId}/links`;
  const key = ['board links', site.site_id, boardId];
  const links = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => request<{ rows: BoardLink[] }>(path, { signal }).then(({ rows }) => rows),
  });
  const revoke = useMutation({
    mutationFn: (id: string) => request<void>(`${path}/${id}`, { method: 'DELETE' }),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  });
  return (
    <>
      <ReportBody
        state={toLoadState(links, common.failed.offline)}
        height={60}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className="quiet">{words.noLinks}</p>}
      >
        {(rows) => (
          <ul className="lines">
            {rows.map((link) => (
              <li key={link.link_id}>
                <strong>{link.label || words.unnamed}</strong>
                <span className="quiet small">
                  {format.dateTime(link.created_ms, site.time_zone)}
                  {link.expires_ms !== null &&
                    ` · ${words.until(format.dateTime(link.expires_ms, site.time_zone))}`}
                </span>
                {link.has_password && <span className="tag good">{words.withPassword}</span>}
                <button
                  type="button"
                  className="icon-button line-end"
                  aria-label={words.revoke(link.label || words.unnamed)}
                  disabled={revoke.isPending}
                  onClick={() => revoke.mutate(link.link_id)}
                >
                  <Icon name="trash" />
                </button>
              </li>
            ))}
          </ul>
        )}
      </ReportBody>
      <NewLink path={path} onMade={() => void queries.invalidateQueries({ queryKey: key })} />
    </>
  );
}

const ENDS = ['', '7', '30', '90', '365'] as const;

function NewLink({ path, onMade }: { path: string; onMade: () => void }) {
  const words = useBoardWords();
  const { words: common } = useSpeech();
  const [label, setLabel] = useState('');
  const [password, setPassword] = useState('');
  const [days, setDays] = useState('');
  const create = useMutation({
    mutationFn: () =>
      request<{ url: string }>(path, {
        body: {
          label: label.trim(),
          ...(password === '' ? {} : { password }),
          ...(days === '' ? {} : { days: Number(days) }),
        },
      }),
    onSuccess: () => {
      setLabel('');
      setPassword('');
      onMade();
    },
  });
  return (
    <form
      className="form new-link"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <div className="form-row">
        <label className="field">
          <span className="label">{words.label}</span>
          <input
            className="input"
            value={label}
            maxLength={100}
            onChange={(event) => setLabel(event.target.value)}
          />
        </label>
        <label className="field">
          <span className="label">{words.expires}</span>
          <select className="input" value={days} onChange={(event) => setDays(event.target.value)}>
            {ENDS.map((one) => (
              <option key={one} value={one}>
                {one === '' ? words.never : words.inDays(one)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <label className="field">
        <span className="label">{words.password}</span>
        <input
          className="input"
          type="password"
          autoComplete="new-password"
          minLength={10}
          maxLength={200}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      <div className="actions">
        <button type="submit" className="button primary" disabled={create.isPending}>
          {words.publish}
        </button>
      </div>
      {create.error && <p className="wrong">{create.error.message || common.failed.offline}</p>}
      {create.data && (
        <div role="status" className="made-link">
          <p>{words.once}</p>
          <code className="code">{create.data.url}</code>
          <CopyButton label={words.copyLink} text={() => create.data.url} />
        </div>
      )}
    </form>
  );
}
