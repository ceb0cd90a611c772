import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSpeech } from '../../words/words.tsx';
import { useView } from '../state/use-view.ts';
import type { TileDraft } from '../tiles/tile.ts';
import { AddToBoard } from './add-to-board.tsx';
import type { LoadState } from './load-state.ts';

type Props<Answer> = {
  title: ReactNode;
  /** Stands at the end of the head: tabs, menus. */
  tools?: ReactNode;
  /** What a board would hold of it: offers to put it there. */
  tile?: TileDraft | undefined;
  state: LoadState<Answer>;
  /** In pixels: what the view will need, so that nothing moves when it arrives. */
  height: number;
  isEmpty?: (answer: Answer) => boolean;
  /** Says what to do when there is nothing to show. */
  empty?: ReactNode;
  /** Spans the whole row of a grid of panels. */
  isWide?: boolean;
  children: (answer: Answer) => ReactNode;
};

/** The frame around every report, and the only place that asks whether it is loading, failed or there. */
export function ReportCard<Answer>({ title, tools, tile, isWide, ...rest }: Props<Answer>) {
  return (
    <section className={isWide ? 'panel wide' : 'panel'}>
      <div className="panel-head">
        {typeof title === 'string' ? <h2>{title}</h2> : title}
        {tile ? (
          <div className="panel-tools">
            {tools}
            <AddToBoard tile={tile} />
          </div>
        ) : (
          tools
        )}
      </div>
      <ReportBody {...rest} />
    </section>
  );
}

/** The same without a frame, for a report inside another panel. */
export function ReportBody<Answer>({
  state,
  height,
  isEmpty,
  empty,
  children,
}: Pick<Props<Answer>, 'state' | 'height' | 'isEmpty' | 'empty' | 'children'>) {
  const { words } = useSpeech();
  return (
    <div
      className="report"
      data-status={state.status}
      aria-busy={state.status === 'loading'}
      style={{ '--report-height': `${height}px` }}
    >
      {inside()}
    </div>
  );

  function inside(): ReactNode {
    switch (state.status) {
      case 'loading':
        return state.old === undefined ? (
          <div className="skeleton" role="status">
            <span className="unseen">{words.app.loading}</span>
          </div>
        ) : (
          <div className="report-old">{children(state.old)}</div>
        );
      case 'failed':
        return (
          <div className="message" role="alert">
            <strong>{words.failed.title}</strong>
            <span>{state.message}</span>
            <button type="button" className="button small" onClick={state.retry}>
              {words.app.retry}
            </button>
          </div>
        );
      case 'ready':
        return isEmpty?.(state.answer) ? (empty ?? <EmptyPeriod />) : children(state.answer);
    }
  }
}

/** Nothing in this period: says how to see something, and before the first event where to begin. */
export function EmptyPeriod() {
  const { words } = useSpeech();
  const { site } = useView();
  if (site.first_day === '') {
    return (
      <div className="message">
        <strong>{words.empty.noEvents}</strong>
        <span>{words.empty.install}</span>
        <Link to="/sites/$site/settings" params={{ site: site.site_id }} className="button small">
          {words.empty.toSettings}
        </Link>
      </div>
    );
  }
  return (
    <div className="message">
      <strong>{words.empty.title}</strong>
      <span>{words.empty.widen}</span>
    </div>
  );
}
