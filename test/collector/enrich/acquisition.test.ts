import { expect, test } from 'vitest';
import { toCampaign } from '../../../collector/enrich/campaign.ts';
import { toAcquisition } from '../../../collector/enrich/channel.ts';
import { createReferrerOf } from '../../../collector/enrich/referrer.ts';

const referrerOf = createReferrerOf();

/** `query | referrer → source / medium: channel`, as in Google's own definitions. */
const CASES = `
 |  → / : Direct
 | https://www.google.com/ → google / organic: Organic Search
 | https://www.google.co.uk/search?q=tea → google / organic: Organic Search
 | android-app://com.google.android.googlequicksearchbox/ → google / organic: Organic Search
 | https://duckduckgo.com/ → duckduckgo / organic: Organic Search
 | https://chatgpt.com/ → chatgpt / ai-assistant: AI Assistant
 | https://gemini.google.com/app → gemini / ai-assistant: AI Assistant
 | https://www.perplexity.ai/ → perplexity / ai-assistant: AI Assistant
 | https://duck.ai/ → duck_ai / ai-assistant: AI Assistant
 | https://notebooklm.google.com/ → notebooklm / ai-assistant: AI Assistant
 | https://claude.ai/ → claude / ai-assistant: AI Assistant
 | https://l.facebook.com/ → facebook / referral: Organic Social
 | https://t.co/abc → twitter / referral: Organic Social
 | https://news.ycombinator.com/ → hackernews / referral: Organic Social
 | https://www.youtube.com/watch → youtube / referral: Organic Video
 | https://www.amazon.de/ → amazon / referral: Organic Shopping
 | https://mail.google.com/ → gmail / email: Email
 | https://blog.elsewhere.example/post → blog.elsewhere.example / referral: Referral
 | https://facebook.github.io/ → facebook.github.io / referral: Referral
 | https://www.shop.example/tea → / : Direct
 | https://accounts.shop.example/ → / : Direct
utm_source=google&utm_medium=cpc |  → google / cpc: Paid Search
utm_source=google&utm_medium=cpc&utm_campaign=Spring-Shopping |  → google / cpc: Paid Shopping
utm_source=Facebook&utm_medium=Paid_Social |  → facebook / paid_social: Paid Social
utm_source=youtube&utm_medium=cpv-cpc |  → youtube / cpv-cpc: Paid Video
utm_source=partner&utm_medium=retargeting |  → partner / retargeting: Paid Other
utm_source=partner&utm_medium=banner |  → partner / banner: Display
utm_source=newsletter&utm_medium=email |  → newsletter / email: Email
utm_source=partner&utm_medium=affiliate |  → partner / affiliate: Affiliates
utm_source=spotify&utm_medium=audio |  → spotify / audio: Audio
utm_source=sms |  → sms / : SMS
utm_source=app&utm_medium=web-push |  → app / web-push: Mobile Push Notifications
utm_source=x&utm_medium=y&utm_campaign=my-Cross-Network |  → x / y: Cross-network
utm_source=friend&utm_medium=referral | https://www.google.com/ → friend / referral: Referral
utm_source=e_mail |  → e_mail / : Email
utm_source=partner&utm_medium=cpm |  → partner / cpm: Display
utm_source=walmart&utm_medium=ppc |  → walmart / ppc: Paid Shopping
utm_source=vimeo&utm_medium=paid |  → vimeo / paid: Paid Video
utm_source=blog&utm_medium=social-media |  → blog / social-media: Organic Social
utm_source=blog&utm_medium=my-video |  → blog / my-video: Organic Video
utm_source=blog&utm_campaign=autumn-shop |  → blog / : Organic Shopping
utm_source=blog&utm_campaign=the-eshop |  → blog / : Organic Shopping
utm_source=blog&utm_campaign=bishop |  → blog / : Unassigned
utm_source=firebase |  → firebase / : Mobile Push Notifications
utm_source=a&utm_medium=mobile |  → a / mobile: Mobile Push Notifications
utm_source=a&utm_medium=link |  → a / link: Referral
utm_source=a&utm_medium=ai-assistant |  → a / ai-assistant: AI Assistant
utm_source=elsewhere |  → elsewhere / : Unassigned
utm_medium=organic | https://www.bing.com/ → bing / organic: Organic Search
gclid=abc | https://www.google.com/ → google / cpc: Paid Search
msclkid=abc |  → bing / cpc: Paid Search
fbclid=abc | https://l.facebook.com/ → facebook / : Organic Social
ttclid=abc |  → tiktok / cpc: Paid Video
gclid=abc&utm_source=mail&utm_medium=email |  → mail / email: Email
ref=producthunt |  → producthunt / : Organic Social`;

test.each(CASES.trim().split('\n'))('%s', (line) => {
  const [, query = '', referrer = '', source, medium, channel] =
    /^(.*?) ?\| (.*?) → (.*?) ?\/ (.*?): (.*)$/.exec(
      line.trim().startsWith('|') ? ` ${line.trim()}` : line,
    ) ?? [];

  const acquisition = toAcquisition(
    toCampaign(new URLSearchParams(query.trim())),
    referrerOf(referrer.trim(), 'www.shop.example'),
  );

  expect(acquisition).toEqual({ source, medium, channel });
});

test('of a click id only its kind is known', () => {
  const campaign = toCampaign(new URLSearchParams('gclid=secret-of-the-visitor'));

  expect(campaign.click_id_kind).toBe('gclid');
  expect(JSON.stringify(campaign)).not.toContain('secret');
});
