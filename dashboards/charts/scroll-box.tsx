import type { ReactNode, Ref } from 'react';

/** Scrolls sideways or down what is too large. It takes the focus, so that arrow keys scroll it too (WCAG 2.1.1). */
export function ScrollBox({
  label,
  children,
  className = 'table-scroll',
  boxRef,
}: {
  label: string;
  children: ReactNode;
  className?: string;
  /** For whoever must know where it is scrolled to. */
  boxRef?: Ref<HTMLElement>;
}) {
  return (
    <section ref={boxRef} className={className} aria-label={label} {...FOCUSABLE}>
      {children}
    </section>
  );
}

const FOCUSABLE = { tabIndex: 0 };
