/** What a landing page's URL says of the campaign that led to it: UTM parameters, and whose click id it bears. */
import { cutText } from './cut-text.ts';
import { scrub } from './scrub.ts';

export type Campaign = {
  source: string;
  medium: string;
  campaign: string;
  content: string;
  term: string;
  /** The parameter's name, never its value: that would be an id of the visitor. */
  click_id_kind: string;
};

/** Which source a click id comes from; `medium` only where the advertiser adds the id to paid clicks alone. */
const CLICK_IDS: readonly { kind: string; source: string; medium: string }[] = [
  { kind: 'gclid', source: 'google', medium: 'cpc' },
  { kind: 'gbraid', source: 'google', medium: 'cpc' },
  { kind: 'wbraid', source: 'google', medium: 'cpc' },
  { kind: 'dclid', source: 'google', medium: 'display' },
  { kind: 'msclkid', source: 'bing', medium: 'cpc' },
  { kind: 'ttclid', source: 'tiktok', medium: 'cpc' },
  { kind: 'twclid', source: 'twitter', medium: 'cpc' },
  { kind: 'li_fat_id', source: 'linkedin', medium: 'cpc' },
  { kind: 'rdt_cid', source: 'reddit', medium: 'cpc' },
  { kind: 'epik', source: 'pinterest', medium: 'cpc' },
  { kind: 'ScCid', source: 'snapchat', medium: 'cpc' },
  { kind: 'yclid', source: 'yandex', medium: 'cpc' },
  { kind: 'fbclid', source: 'facebook', medium: '' },
  { kind: 'igshid', source: 'instagram', medium: '' },
];

export const CLICK_ID_KINDS: readonly string[] = CLICK_IDS.map(({ kind }) => kind);

const MAX_LENGTH = 200;
export const NO_CAMPAIGN: Campaign = {
  source: '',
  medium: '',
  campaign: '',
  content: '',
  term: '',
  click_id_kind: '',
};

/** Texts in lower case where reports group by them; '' for what is not said. A UTM parameter outranks a click id. */
export function toCampaign(parameters: URLSearchParams): Campaign {
  if (parameters.size === 0) return NO_CAMPAIGN;
  const click = CLICK_IDS.find(({ kind }) => parameters.has(kind));
  const source = (
    read(parameters, 'utm_source') ||
    read(parameters, 'ref') ||
    read(parameters, 'source')
  ).toLowerCase();
  const isFromClick = source === '' && click !== undefined;
  return {
    source: isFromClick ? click.source : source,
    medium: read(parameters, 'utm_medium').toLowerCase() || (isFromClick ? click.medium : ''),
    campaign: read(parameters, 'utm_campaign'),
    content: read(parameters, 'utm_content'),
    term: read(parameters, 'utm_term'),
    click_id_kind: click?.kind ?? '',
  };
}

function read(parameters: URLSearchParams, name: string): string {
  return scrub(cutText(parameters.get(name) ?? '', MAX_LENGTH).trim());
}
