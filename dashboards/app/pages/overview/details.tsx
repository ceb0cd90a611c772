import { nameOfField } from '../../../words/dimensions.ts';
import { useSpeech } from '../../../words/words.tsx';
import { Dialog } from '../../parts/dialog.tsx';

/** Every value of a dimension in a table. */
export function Details({ dimension, onClose }: { dimension: string; onClose: () => void }) {
  const { words } = useSpeech();
  return (
    <Dialog title={nameOfField(dimension, words)} onClose={onClose}>
      {dimension}
    </Dialog>
  );
}
