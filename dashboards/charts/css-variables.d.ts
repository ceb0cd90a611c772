import 'react';

/** React sets custom properties like any other; its types know only CSS's own names. */
declare module 'react' {
  interface CSSProperties {
    [name: `--${string}`]: string | number;
  }
}
