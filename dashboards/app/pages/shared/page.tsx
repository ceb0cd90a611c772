import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { SharedBoard } from '../../../api/boards/public-routes.ts';
import type { ReportAnswer } from '../../../reports/run.ts';
import { useSpeech } from '../../../words/words.tsx';
import { ApiError, request } from '../../api/request.ts';
import { toLoadState } from '../../parts/load-state.ts';
import { ReportBody } from '../../parts/report-card.tsx';
import { type DrawnTile, placeOf, TileFrame } from '../../tiles/board-grid.tsx';
import { useBoardWords } from '../../tiles/words.ts';

const route = getRouteApi('/shared/$secret');
const EVERY_MS = 300_000;

/** A board as a public link shows it: to read, without sign-in and without anything to change. */
export function SharedPage() {
  const words = useBoardWords();
  const { words: common } = useSpeech();
  const { secret } = route.useParams();
  const path = `/api/shared/${encodeURIComponent(secret)}`;
  const board = useQuery({
    queryKey: ['shared', secret],
    queryFn: ({ signal }) => request<SharedBoard>(`${path}/board`, { signal }),
  });
  const name = board.data?.name;
  useEffect(() => {
    if (name) document.title = `${name} · Footfall`;
  }, [name]);
  const status = board.error instanceof ApiError ? board.error.status : undefined;
  if (status === 401) return <Locked path={path} />;
  if (status === 404) {
    return (
      <main className="alone">
        <section className="panel welcome">
          <h1>{words.shared.gone}</h1>
          <p>{words.shared.goneHint}</p>
        </section>
      </main>
    );
  }
  return (
    <main className="page shared">
      <ReportBody state={toLoadState(board, common.failed.offline)} height={480}>
        {(answer) => <Shown board={answer} path={path} />}
      </ReportBody>
    </main>
  );
}

function Shown({ board, path }: { board: SharedBoard; path: string }) {
  const words = useBoardWords();
  const { words: common, format } = useSpeech();
  return (
    <>
      <header className="page-head">
        <div>
          <h1>{board.name}</h1>
          <p className="quiet small">
            {board.site.name} · {common.site.timeZone(board.site.time_zone)}
          </p>
        </div>
        {board.site.is_sample && <span className="tag warn">{common.site.sample}</span>}
      </header>
      <ul className="board">
        {board.tiles.map((tile) => (
          <li key={tile.id} className="panel tile" style={placeOf(tile)}>
            <SharedTile tile={tile} path={path} currency={board.site.currency} />
          </li>
        ))}
      </ul>
      <footer className="panel-foot">
        <span>{words.shared.madeWith}</span>
        <span>{words.shared.updated(format.dateTime(Date.now(), board.site.time_zone))}</span>
      </footer>
    </>
  );
}

function SharedTile({ tile, path, currency }: { tile: DrawnTile; path: string; currency: string }) {
  const { words, format } = useSpeech();
  const query = useQuery({
    queryKey: ['shared tile', path, tile.id],
    queryFn: ({ signal }) =>
      request<{ answers: ReportAnswer<object>[] }>(`${path}/tiles/${tile.id}`, { signal }).then(
        ({ answers }) => answers,
      ),
    refetchInterval: EVERY_MS,
  });
  const meta = query.data?.[0]?.meta;
  return (
    <TileFrame
      tile={tile}
      state={toLoadState(query, words.failed.offline)}
      currency={currency}
      heading="h2"
      note={meta && format.range(meta.from, meta.to)}
    />
  );
}

/** The one question that a guarded link asks. */
function Locked({ path }: { path: string }) {
  const words = useBoardWords();
  const { words: common } = useSpeech();
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const unlock = useMutation({
    mutationFn: () => request<void>(`${path}/unlock`, { body: { password } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['shared'] }),
  });
  return (
    <main className="alone">
      <form
        className="panel welcome"
        onSubmit={(event) => {
          event.preventDefault();
          unlock.mutate();
        }}
      >
        <h1>{words.shared.needsPassword}</h1>
        <label className="field">
          <span className="label">{words.shared.password}</span>
          <input
            className="input"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        {unlock.error && (
          <p className="wrong" role="alert">
            {unlock.error.message || common.failed.offline}
          </p>
        )}
        <button type="submit" className="button primary" disabled={unlock.isPending}>
          {words.shared.enter}
        </button>
      </form>
    </main>
  );
}
