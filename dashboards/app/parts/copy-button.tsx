import { useState } from 'react';
import { useSpeech } from '../../words/words.tsx';

type Props = { label: string; text: () => string; className?: string };

/** Copies a text and says so. */
export function CopyButton({ label, text, className = 'button small' }: Props) {
  const { words } = useSpeech();
  const [isCopied, setCopied] = useState(false);
  // What is announced stands beside the button: inside it, it would hide the button's own name.
  return (
    <>
      <button
        type="button"
        className={className}
        onClick={() => void copy(text()).then(() => setCopied(true))}
        onBlur={() => setCopied(false)}
      >
        {isCopied ? words.app.copied : label}
      </button>
      <span role="status" className="unseen">
        {isCopied && words.app.copied}
      </span>
    </>
  );
}

async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  // Over plain HTTP on another host than localhost browsers give no clipboard.
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}
