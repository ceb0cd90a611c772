/** The viewport's width as a class, by the break points of common style sheets: the width itself helps fingerprinting. */
export function toScreenClass(widthPx: number | undefined): '' | 'xs' | 'sm' | 'md' | 'lg' | 'xl' {
  if (widthPx === undefined || widthPx === 0) return '';
  if (widthPx < 576) return 'xs';
  if (widthPx < 768) return 'sm';
  if (widthPx < 992) return 'md';
  return widthPx < 1200 ? 'lg' : 'xl';
}
