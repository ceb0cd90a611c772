/**
 * GA4's default channel group: the first rule that fits, in Google's order
 * (https://support.google.com/analytics/answer/9756891). Unlike Google's, AI assistants are all known ones.
 */
import type { Campaign } from './campaign.ts';
import type { KnownSource } from './known-sources.ts';
import { knownSource } from './known-sources.ts';
import type { Referrer } from './referrer.ts';

export type Acquisition = Pick<Campaign, 'source' | 'medium'> & { channel: Channel };

export type Channel =
  | 'Direct'
  | 'Cross-network'
  | `Paid ${'Shopping' | 'Search' | 'Social' | 'Video' | 'Other'}`
  | 'Display'
  | 'AI Assistant'
  | `Organic ${'Shopping' | 'Social' | 'Video' | 'Search'}`
  | 'Referral'
  | 'Email'
  | 'Affiliates'
  | 'Audio'
  | 'SMS'
  | 'Mobile Push Notifications'
  | 'Unassigned';

type Facts = { source: string; medium: string; campaign: string; kind: KnownSource['kind'] | 'other' | '' };

const PAID = /^(?:.*cp.*|ppc|retargeting|paid.*)$/;
const SHOPPING_CAMPAIGN = /^(?:.*(?:(?:[^a-df-z]|^)shop|shopping).*)$/;
const SOCIAL_MEDIA = ['social', 'social-network', 'social-media', 'sm', 'social network', 'social media'];
const DISPLAY_MEDIA = ['display', 'banner', 'expandable', 'interstitial', 'cpm'];
const EMAILS = ['email', 'e-mail', 'e_mail', 'e mail'];

const isShopping = ({ kind, campaign }: Facts) => kind === 'shopping' || SHOPPING_CAMPAIGN.test(campaign);
const isPaid = ({ medium }: Facts) => PAID.test(medium);

const RULES: readonly (readonly [Channel, (facts: Facts) => boolean])[] = [
  [
    'Direct',
    ({ source, medium }) =>
      (source === '' || source === '(direct)') && ['', '(none)', '(not set)'].includes(medium),
  ],
  ['Cross-network', ({ campaign }) => campaign.includes('cross-network')],
  ['Paid Shopping', (facts) => isPaid(facts) && isShopping(facts)],
  ['Paid Search', (facts) => isPaid(facts) && facts.kind === 'search'],
  ['Paid Social', (facts) => isPaid(facts) && facts.kind === 'social'],
  ['Paid Video', (facts) => isPaid(facts) && facts.kind === 'video'],
  ['Display', ({ medium }) => DISPLAY_MEDIA.includes(medium)],
  ['Paid Other', isPaid],
  ['AI Assistant', ({ kind, medium }) => medium === 'ai-assistant' || kind === 'ai'],
  ['Organic Shopping', isShopping],
  ['Organic Social', ({ kind, medium }) => kind === 'social' || SOCIAL_MEDIA.includes(medium)],
  ['Organic Video', ({ kind, medium }) => kind === 'video' || medium.includes('video')],
  ['Organic Search', ({ kind, medium }) => kind === 'search' || medium === 'organic'],
  [
    'Email',
    ({ kind, source, medium }) => kind === 'email' || EMAILS.includes(source) || EMAILS.includes(medium),
  ],
  ['Referral', ({ medium }) => ['referral', 'app', 'link'].includes(medium)],
  ['Affiliates', ({ medium }) => medium === 'affiliate'],
  ['Audio', ({ medium }) => medium === 'audio'],
  ['SMS', ({ source, medium }) => source === 'sms' || medium === 'sms'],
  [
    'Mobile Push Notifications',
    ({ source, medium }) =>
      medium.endsWith('push') || /mobile|notification/.test(medium) || source === 'firebase',
  ],
];

const DIRECT: Acquisition = { source: '', medium: '', channel: 'Direct' };
const MEDIUM_OF: Partial<Record<Facts['kind'], string>> = {
  search: 'organic',
  ai: 'ai-assistant',
  email: 'email',
  '': '',
};

export type AcquisitionOf = (campaign: Campaign, referrer: Referrer) => Acquisition;

/** Like `toAcquisition`, with the answer kept for as long as the parsed campaign and referrer are (both are cached). */
export function createAcquisitionOf(): AcquisitionOf {
  const answers = new WeakMap<Campaign, WeakMap<Referrer, Acquisition>>();
  return (campaign, referrer) => {
    let byReferrer = answers.get(campaign);
    if (byReferrer === undefined) {
      byReferrer = new WeakMap();
      answers.set(campaign, byReferrer);
    }
    const known = byReferrer.get(referrer);
    if (known !== undefined) return known;
    const acquisition = toAcquisition(campaign, referrer);
    byReferrer.set(referrer, acquisition);
    return acquisition;
  };
}

/** Where a page view's visitor came from: what the URL's campaign says, else the referrer. */
export function toAcquisition(campaign: Campaign, referrer: Referrer): Acquisition {
  if (campaign.source === '' && campaign.medium === '' && campaign.campaign === '') {
    if (referrer.source === '') return DIRECT;
    const medium = MEDIUM_OF[referrer.kind] ?? 'referral';
    return classify({ source: referrer.source, medium, campaign: '', kind: referrer.kind });
  }
  const source = campaign.source || referrer.source;
  const kind = knownSource(source)?.kind ?? (campaign.source === '' ? referrer.kind : 'other');
  return classify({ source, medium: campaign.medium, campaign: campaign.campaign.toLowerCase(), kind });
}

function classify(facts: Facts): Acquisition {
  const rule = RULES.find(([, fits]) => fits(facts));
  return { source: facts.source, medium: facts.medium, channel: rule?.[0] ?? 'Unassigned' };
}
