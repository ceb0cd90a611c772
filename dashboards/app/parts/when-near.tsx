import { type ReactNode, useEffect, useRef, useState } from 'react';

/** How far below the window something may lie and still be made ready. */
const AHEAD = '400px';

type Props = {
  /** In pixels: the room it will take. */ height: number;
  isWide?: boolean;
  children: ReactNode;
};

/** Asks for what is inside only once the reader comes near: what nobody scrolls to costs no query. */
export function WhenNear({ height, isWide, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (!place.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: AHEAD },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  if (isNear) return children;
  return <div ref={place} className={isWide ? 'panel wide' : 'panel'} style={{ minHeight: height }} />;
}
