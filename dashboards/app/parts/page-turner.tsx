import { useSpeech } from '../../words/words.tsx';

type Props = {
  count: number;
  shown: number;
  offset: number;
  perPage: number;
  onTurn: (offset: number) => void;
};

/** Which rows of how many, and the way to those before and after. */
export function PageTurner({ count, shown, offset, perPage, onTurn }: Props) {
  const { words, format } = useSpeech();
  return (
    <p className="panel-foot">
      <span>
        {words.app.of(`${format.number(offset + 1)}–${format.number(offset + shown)}`, format.number(count))}
      </span>
      <span className="actions">
        <button
          type="button"
          className="button small"
          disabled={offset === 0}
          onClick={() => onTurn(Math.max(0, offset - perPage))}
        >
          {words.app.back}
        </button>
        <button
          type="button"
          className="button small"
          disabled={offset + shown >= count}
          onClick={() => onTurn(offset + perPage)}
        >
          {words.app.next}
        </button>
      </span>
    </p>
  );
}
