import type { CSSProperties, ReactNode } from 'react';
import { ScrollBox } from '../../charts/scroll-box.tsx';
import type { ReportAnswer } from '../../reports/run.ts';
import { useSpeech } from '../../words/words.tsx';
import type { LoadState } from '../parts/load-state.ts';
import { ReportBody } from '../parts/report-card.tsx';
import type { Tile } from './tile.ts';
import { TileView } from './tile-view.tsx';
import { useBoardWords } from './words.ts';

/** What a board or its public page needs to draw a tile. */
export type DrawnTile = Omit<Tile, 'queries'>;

type Props = {
  tile: DrawnTile;
  state: LoadState<ReportAnswer<object>[]>;
  currency: string;
  /** What stands in the tile's head, besides its title. */
  note?: ReactNode;
  tools?: ReactNode;
  /** One level below the board's name. */
  heading?: 'h2' | 'h3';
};

/** One tile: its title, and its answers drawn in the room that it was given. */
export function TileFrame({ tile, state, currency, note, tools, heading: Heading = 'h3' }: Props) {
  const { words } = useSpeech();
  const { tile: name } = useBoardWords();
  return (
    <>
      <div className="tile-head">
        <Heading>{tile.title}</Heading>
        {note && <span className="quiet small">{note}</span>}
        {tools}
      </div>
      <ScrollBox label={`${name}: ${tile.title}`} className="tile-body">
        <ReportBody
          state={state}
          height={tile.height * 110}
          isEmpty={(answers) => answers.every(isNothing)}
          empty={<p className="message">{words.empty.title}</p>}
        >
          {(answers) => (
            <TileView view={tile.view} options={tile.options} answers={answers} currency={currency} />
          )}
        </ReportBody>
      </ScrollBox>
    </>
  );
}

/** How many columns and rows of the board it takes. */
export function placeOf({ width, height }: DrawnTile): CSSProperties {
  return { '--columns': width, '--rows': height };
}

function isNothing({ rows, totals }: ReportAnswer<object>): boolean {
  return rows.length === 0 && totals === undefined;
}
