import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { COLUMNS, DetailsTable, type Order } from '../../../reports/breakdown/details-view.tsx';
import type { BreakdownRow } from '../../../reports/breakdown/report.ts';
import type { Dimension } from '../../../reports/dimensions.ts';
import { nameOfField } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { shared } from '../../api/parameters.ts';
import { type ReportAnswer, reportPath, useReport } from '../../api/queries.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { downloadCsv } from '../../parts/download.ts';
import { Icon } from '../../parts/icon.tsx';
import { PageTurner } from '../../parts/page-turner.tsx';
import { ReportBody } from '../../parts/report-card.tsx';
import { toggleValue } from '../../state/filters.ts';
import { useView } from '../../state/use-view.ts';

const route = getRouteApi('/sites/$site/overview');
const PER_PAGE = 100;
const MOST_IN_FILE = 100_000;
const TYPING_PAUSE_MS = 250;

/** Every value of a dimension: searched, sorted, turned over page by page, taken away as CSV. */
export function Details({ dimension, onClose }: { dimension: Dimension; onClose: () => void }) {
  const { words } = useSpeech();
  const view = useView();
  const { sort, find: search = '' } = route.useSearch();
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search);
  const order = toOrder(sort, view.goal !== undefined);
  const [offset, setOffset] = useState(0);
  const put = (change: { sort?: string; find?: string | undefined }) => {
    setOffset(0);
    void navigate({ to: '.', search: (before) => ({ ...before, ...change }), replace: true });
  };
  useOncePaused(typed, (text) => {
    if (text !== search) put({ find: text || undefined });
  });
  const asked = {
    ...shared({ ...view, compared: undefined }),
    dimension,
    orderBy: order.by,
    direction: order.isUpwards ? 'ascending' : 'descending',
    ...(search ? { search } : {}),
    ...(view.goal ? { goal: view.goal } : {}),
  };
  const state = useReport<ReportAnswer<BreakdownRow>>(view.site.site_id, 'breakdown', {
    ...asked,
    limit: PER_PAGE,
    offset,
  });
  return (
    <Dialog
      title={nameOfField(dimension, words)}
      onClose={onClose}
      tools={
        <button
          type="button"
          className="button small"
          onClick={() =>
            void downloadCsv(
              reportPath(view.site.site_id, 'breakdown'),
              { ...asked, limit: MOST_IN_FILE },
              dimension,
            )
          }
        >
          <Icon name="download" />
          {words.app.exportCsv}
        </button>
      }
    >
      <input
        className="input"
        type="search"
        placeholder={words.overview.searchIn(nameOfField(dimension, words))}
        aria-label={words.overview.searchIn(nameOfField(dimension, words))}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <ReportBody
        state={state}
        height={420}
        isEmpty={(answer) => answer.rows.length === 0}
        empty={<p className="message">{words.overview.noMatch}</p>}
      >
        {(answer) => (
          <>
            <DetailsTable
              dimension={dimension}
              rows={answer.rows}
              hasGoal={view.goal !== undefined}
              order={order}
              onSort={(column) =>
                put({ sort: column === order.by && !order.isUpwards ? `-${column}` : column })
              }
              onPick={(value) => {
                onClose();
                view.change({ filters: toggleValue(view.filters, dimension, value) });
              }}
            />
            <PageTurner
              count={answer.rows[0]?.total_rows ?? 0}
              shown={answer.rows.length}
              offset={offset}
              perPage={PER_PAGE}
              onTurn={setOffset}
            />
          </>
        )}
      </ReportBody>
      <p className="hint">{words.overview.others}</p>
    </Dialog>
  );
}

function toOrder(sort: string | undefined, hasGoal: boolean): Order {
  const column = COLUMNS.find((one) => one === sort?.replace(/^-/, ''));
  if (!column || (column.startsWith('conversion') && !hasGoal))
    return { by: hasGoal ? 'conversions' : 'visitors', isUpwards: false };
  return { by: column, isUpwards: sort?.startsWith('-') ?? false };
}

/** Calls with a text once its writer pauses. */
function useOncePaused(text: string, act: (text: string) => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    const timer = setTimeout(() => latest.current(text), TYPING_PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
}
