import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useSpeech } from '../../../words/words.tsx';
import { type SavedItem, useSaved } from '../../api/saved.ts';
import { ReportBody } from '../../parts/report-card.tsx';
import { PlainPage } from '../../shell/report-bar.tsx';
import { useView } from '../../state/use-view.ts';
import type { BoardBody } from '../../tiles/tile.ts';
import { useBoardWords } from '../../tiles/words.ts';
import { Board } from './board.tsx';
import { BoardBar, NewBoard } from './board-bar.tsx';

const route = getRouteApi('/sites/$site/boards');

/** Reports that one comes back to, side by side on named boards. */
export function BoardsPage() {
  const { words } = useSpeech();
  const { site } = useView();
  const { board: wanted } = route.useSearch();
  const navigate = useNavigate();
  const state = useSaved<BoardBody>(site.site_id, 'board');
  const open = (board: string | undefined) =>
    void navigate({ to: '.', search: (before) => ({ ...before, board }) });
  return (
    <PlainPage title={words.nav.boards}>
      <ReportBody
        state={state}
        height={480}
        isEmpty={(boards) => boards.length === 0}
        empty={<NoBoard onMade={open} />}
      >
        {(boards) => {
          const board = boards.find((one) => one.item_id === wanted) ?? boards[0];
          return board ? <OneBoard board={board} boards={boards} onOpen={open} /> : null;
        }}
      </ReportBody>
    </PlainPage>
  );
}

type OneProps = {
  board: SavedItem<BoardBody>;
  boards: SavedItem<BoardBody>[];
  onOpen: (board: string | undefined) => void;
};

function OneBoard({ board, boards, onOpen }: OneProps) {
  return (
    <>
      <BoardBar board={board} boards={boards} onOpen={onOpen} />
      {board.body.tiles.length === 0 ? <EmptyBoard /> : <Board key={board.item_id} board={board} />}
    </>
  );
}

function EmptyBoard() {
  const words = useBoardWords();
  const { site } = useView();
  return (
    <section className="panel">
      <div className="message">
        <strong>{words.empty}</strong>
        <span>{words.emptyHint}</span>
        <Link to="/sites/$site/overview" params={{ site: site.site_id }} className="button primary">
          {words.toReport}
        </Link>
      </div>
    </section>
  );
}

function NoBoard({ onMade }: { onMade: (board: string) => void }) {
  const words = useBoardWords();
  return (
    <section className="panel">
      <div className="message">
        <strong>{words.none}</strong>
        <span>{words.noneHint}</span>
        <NewBoard onMade={onMade} />
      </div>
    </section>
  );
}
