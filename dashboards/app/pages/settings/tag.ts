/** What the owner wants the tag to do, where it departs from what is usual. */
export type TagChoices = {
  /** Nothing leaves the page before the visitor has agreed. */
  needsConsent: boolean;
  /** What a refusal means: count the visitor for the day only, or not at all. */
  whenDenied: 'cookieless' | 'nothing';
  /** The site's router writes what follows the `#`. */
  hasHashRoutes: boolean;
};

export const USUAL_TAG: TagChoices = { needsConsent: false, whenDenied: 'cookieless', hasHashRoutes: false };

/** The tag to paste, as collector/welcome.ts prints it, with the attributes of snippet/settings.ts. */
export function tagFor(origin: string, site: string, choices: TagChoices): string {
  const attributes = [
    `data-site="${site}"`,
    ...(choices.needsConsent ? ['data-consent="required"'] : []),
    ...(choices.whenDenied === 'nothing' ? ['data-on-denied="nothing"'] : []),
    ...(choices.hasHashRoutes ? ['data-hash="true"'] : []),
  ];
  return `<script defer src="${origin}/footfall.js" ${attributes.join(' ')}></script>`;
}
