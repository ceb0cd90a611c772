import { useState } from 'react';
import type { Annotation } from '../../../api/annotation.ts';
import { useSpeech } from '../../../words/words.tsx';
import { useSave } from '../../api/saved.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { useView } from '../../state/use-view.ts';
import type { Note } from './notes.tsx';

/** Writes a note for the graph, or changes one: what happened, and on which day. */
export function NoteDialog({ note, onClose }: { note: Note | undefined; onClose: () => void }) {
  const { words } = useSpeech();
  const { site, range, today } = useView();
  const [text, setText] = useState(note?.name ?? '');
  const [date, setDate] = useState(note?.body.date ?? [range.to, today].sort()[0] ?? today);
  const [time, setTime] = useState(note?.body.time ?? '');
  const save = useSave<Annotation>(site.site_id, 'annotation');
  return (
    <Dialog title={note ? words.notes.edit : words.notes.add} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          const body = { date, ...(time ? { time } : {}) };
          save.mutate({ item_id: note?.item_id, name: text.trim(), body }, { onSuccess: onClose });
        }}
      >
        <label className="field">
          <span className="label">{words.notes.text}</span>
          <input
            className="input"
            required
            maxLength={200}
            autoFocus
            placeholder={words.notes.textHint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
        <div className="form-row">
          <label className="field">
            <span className="label">{words.notes.date}</span>
            <input
              className="input"
              type="date"
              required
              value={date}
              onChange={(event) => setDate(event.target.value)}
            />
          </label>
          <label className="field">
            <span className="label">{words.notes.time}</span>
            <input
              className="input"
              type="time"
              value={time}
              onChange={(event) => setTime(event.target.value)}
            />
          </label>
        </div>
        <p className="hint">{words.site.timeZone(site.time_zone)}</p>
        {save.error && <p className="wrong">{save.error.message || words.failed.offline}</p>}
        <div className="actions">
          <button type="submit" className="button primary" disabled={save.isPending || text.trim() === ''}>
            {words.app.save}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
