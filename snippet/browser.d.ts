/** What browsers have and TypeScript's DOM does not know yet. */

interface Document {
  /** Chrome 108: the page is made ready before anybody asked for it. */
  readonly prerendering?: boolean;
}

interface Navigator {
  /** https://w3c.github.io/gpc/ */
  readonly globalPrivacyControl?: boolean;
  readonly doNotTrack?: string | null;
}

interface PerformanceEntry {
  /** Of navigation entries: Chrome 109, Firefox 144. */
  readonly responseStatus?: number;
}
