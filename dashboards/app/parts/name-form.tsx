import { useState } from 'react';
import { useSpeech } from '../../words/words.tsx';

type Props = {
  name: string;
  label: string;
  submit: string;
  isBusy: boolean;
  error: Error | null;
  onSubmit: (name: string) => void;
};

/** One field for a name, and the button that takes it. */
export function NameForm({ name: before, label, submit, isBusy, error, onSubmit }: Props) {
  const { words } = useSpeech();
  const [name, setName] = useState(before);
  return (
    <form
      className="form-row name-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') onSubmit(name.trim());
      }}
    >
      <label className="field">
        <span className="label">{label}</span>
        <input
          className="input"
          value={name}
          maxLength={100}
          required
          onChange={(event) => setName(event.target.value)}
        />
      </label>
      <button type="submit" className="button primary" disabled={isBusy || name.trim() === ''}>
        {submit}
      </button>
      {error && <p className="wrong">{error.message || words.failed.offline}</p>}
    </form>
  );
}
