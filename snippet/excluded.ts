/** Whether the owner has excluded this browser (`localStorage.footfall_off = 1`). */
export function isExcluded(): boolean {
  try {
    return !!localStorage.footfall_off;
  } catch {
    // Blocked, as in sandboxed frames.
    return false;
  }
}
