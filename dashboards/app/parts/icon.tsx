/** Drawn for a 16 × 16 field, 1.5 px lines. Icons are decoration: their button or link bears the name. */
const PATHS = {
  overview: 'M2.5 13.5h11M4 11V7M8 11V3M12 11V5.5',
  funnels: 'M2.5 3h11l-4 5v5l-3-1.5V8z',
  conversions: 'M8 2.5a5.5 5.5 0 1 0 5.5 5.5M8 5.5A2.5 2.5 0 1 0 10.5 8M8 8l5-5M10.8 2.6v2.6h2.6',
  retention: 'M2.5 13.5v-11h3v11M6.500 13.500v-7h3v7M10.500 13.500v-4h3v4z',
  paths: 'M2.500 4h3c4 0 2 8 6 8h2M2.500 12h3M11.500 10l2 2-2 2',
  engagement: 'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5v3l2 1.500',
  vitals: 'M1.500 8.500h3l2-5 3 9 2-4h3',
  explore: 'M7 2.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM10.500 10.500l3 3',
  live: 'M8 7a1 1 0 1 0 0 2 1 1 0 0 0 0-2zM5 5a4.200 4.200 0 0 0 0 6M11 5a4.200 4.200 0 0 1 0 6M2.800 3a7 7 0 0 0 0 10M13.200 3a7 7 0 0 1 0 10',
  people:
    'M8 8a2.700 2.700 0 1 0 0-5.400A2.700 2.700 0 0 0 8 8zM2.800 13.500c.5-2.500 2.500-3.800 5.200-3.800s4.700 1.300 5.200 3.800',
  boards:
    'M2.500 2.500h4.500v5h-4.500zM9 2.500h4.500v3h-4.500zM9 7.500h4.500v6h-4.500zM2.500 9.500h4.500v4h-4.500z',
  pin: 'M2.500 2.500h4.500v4.500h-4.500zM9 2.500h4.500v4.500h-4.500zM2.500 9h4.500v4.500h-4.500zM11.250 8.800v5M8.750 11.300h5',
  catalogue: 'M3 3.500h10M3 8h10M3 12.500h6',
  segments: 'M8 2.500a5.500 5.500 0 1 0 5.500 5.500H8zM10.500 2.800a5.500 5.500 0 0 1 2.700 2.700h-2.700z',
  settings:
    'M2.500 4.500h6M12 4.500h1.500M10.200 2.800v3.400M2.500 11.500h1.500M7.500 11.500h6M5.800 9.800v3.400',
  account:
    'M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 5a1.700 1.700 0 1 0 0 3.400A1.700 1.700 0 0 0 8 5zM4.700 12c.6-1.500 1.800-2.200 3.300-2.200s2.700.7 3.300 2.200',
  close: 'M4 4l8 8M12 4l-8 8',
  chevron: 'M4 6l4 4 4-4',
  left: 'M10 3.500L5.500 8l4.500 4.500',
  right: 'M6 3.500L10.500 8 6 12.500',
  up: 'M8 13V3.500M4 7l4-4 4 4',
  down: 'M8 3v9.500M4 9l4 4 4-4',
  plus: 'M8 3v10M3 8h10',
  filter: 'M2.500 4h11M4.500 8h7M6.500 12h3',
  drag: 'M6 3.500v.01M10 3.500v.01M6 8v.01M10 8v.01M6 12.500v.01M10 12.500v.01',
  copy: 'M5.500 5.500h8v8h-8zM3 10.500h-.5v-8h8V3',
  more: 'M3.500 8v.01M8 8v.01M12.500 8v.01',
  download: 'M8 2.500v8M4.500 7.500L8 11l3.500-3.500M2.500 13.500h11',
  check: 'M3 8.500l3.200 3.200L13 4.800',
  note: 'M3.500 14V2.500h8.500l-2 3 2 3h-8.500',
  trash: 'M3 4.500h10M6.500 4.500V2.800h3v1.700M4.500 4.500l.6 8.700h5.800l.6-8.700',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg
      className={className}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
