import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { Annotation } from '../../../api/annotation.ts';
import { groupBy } from '../../../charts/group-by.ts';
import type { Mark } from '../../../charts/line-chart.tsx';
import type { OverviewRow } from '../../../reports/overview/report.ts';
import { useSpeech } from '../../../words/words.tsx';
import { meQuery } from '../../api/queries.ts';
import { type SavedItem, useRemove, useSaved } from '../../api/saved.ts';
import { Icon } from '../../parts/icon.tsx';
import { Popover } from '../../parts/popover.tsx';
import type { Interval } from '../../state/period.ts';
import { useView } from '../../state/use-view.ts';

export type Note = SavedItem<Annotation>;

const NoteDialog = lazy(() => import('./note-dialog.tsx').then((file) => ({ default: file.NoteDialog })));

/** Places the site's notes on the graph: gives the marks of those intervals in which something was noted. */
export function useNoteMarks(interval: Interval): (rows: OverviewRow[]) => Mark[] {
  const { site, range } = useView();
  const state = useSaved<Annotation>(site.site_id, 'annotation');
  const notes = state.status === 'ready' ? state.answer : [];
  return (rows) => {
    const placed = groupBy(
      notes.filter(({ body }) => body.date >= range.from && body.date <= range.to),
      ({ body }) => placeOf(body, rows),
    );
    return [...placed]
      .filter(([index]) => index >= 0)
      .map(([index, those]) => ({
        index,
        text: those.map(({ name }) => name).join('; '),
        button: <NoteMark notes={those} isHourly={interval === 'hour'} />,
      }));
  };
}

/** The last interval that begins before it; both are the site's local time, written so that texts compare like times. */
export function placeOf({ date, time = '00:00' }: Annotation, rows: { interval_start: string }[]): number {
  return rows.findLastIndex((row) => row.interval_start <= `${date} ${time}:59`);
}

/** Whether the reader may change what is saved. */
function useMayWrite(): boolean {
  const { data: me } = useQuery(meQuery);
  return me !== undefined && me.role !== 'viewer';
}

function NoteMark({ notes, isHourly }: { notes: Note[]; isHourly: boolean }) {
  const { words, format } = useSpeech();
  const [edited, setEdited] = useState<Note>();
  const [first] = notes;
  if (!first) return null;
  const day = [format.weekday(first.body.date), isHourly && first.body.time].filter(Boolean).join(', ');
  return (
    <>
      <Popover
        className="note-mark"
        name={`${words.notes.on(day)}: ${notes.map(({ name }) => name).join('; ')}`}
        label={<Icon name="note" />}
      >
        {(close) =>
          notes.map((note) => (
            <NoteLine
              key={note.item_id}
              note={note}
              onEdit={() => {
                close();
                setEdited(note);
              }}
            />
          ))
        }
      </Popover>
      {edited && (
        <Suspense>
          <NoteDialog note={edited} onClose={() => setEdited(undefined)} />
        </Suspense>
      )}
    </>
  );
}

function NoteLine({ note, onEdit }: { note: Note; onEdit: () => void }) {
  const { words, format } = useSpeech();
  const { site } = useView();
  const remove = useRemove(site.site_id, 'annotation');
  const mayWrite = useMayWrite();
  return (
    <div className="note">
      <p>
        {note.name}
        <br />
        <span className="quiet small">
          {[format.weekday(note.body.date), note.body.time].filter(Boolean).join(', ')}
        </span>
      </p>
      {mayWrite && (
        <span className="actions">
          <button type="button" className="more" aria-label={words.notes.change(note.name)} onClick={onEdit}>
            {words.app.edit}
          </button>
          <button
            type="button"
            className="more"
            aria-label={words.notes.remove(note.name)}
            onClick={() => remove.mutate(note.item_id)}
          >
            {words.app.remove}
          </button>
        </span>
      )}
      {remove.error && <p className="wrong">{remove.error.message || words.failed.offline}</p>}
    </div>
  );
}

/** For those who may: the way to a new note. */
export function AddNote() {
  const { words } = useSpeech();
  const [isOpen, setOpen] = useState(false);
  if (!useMayWrite()) return null;
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label={words.notes.add}
        title={words.notes.add}
        onClick={() => setOpen(true)}
      >
        <Icon name="note" />
      </button>
      {isOpen && (
        <Suspense>
          <NoteDialog note={undefined} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
