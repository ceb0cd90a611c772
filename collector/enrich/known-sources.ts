/**
 * The sites that the channel rules know by kind: one name each, whatever country, device or link shortener it came by.
 * After Google's list of source categories (support.google.com/analytics/answer/9756891), with AI assistants beside.
 */

export type SourceKind = 'search' | 'social' | 'video' | 'shopping' | 'ai' | 'email';

/** A registrable domain (`google.com`), a host below it, or the name before the public suffix (`google`). */
const SOURCES: Record<SourceKind, Record<string, readonly string[]>> = {
  ai: {
    chatgpt: ['chatgpt.com', 'chat.openai.com', 'openai.com'],
    claude: ['claude.ai'],
    copilot: ['copilot.microsoft.com', 'copilot.com', 'm365.cloud.microsoft'],
    deepseek: ['deepseek.com'],
    doubao: ['doubao.com'],
    duck_ai: ['duck.ai'],
    gemini: ['gemini.google.com', 'bard.google.com'],
    grok: ['grok.com', 'x.ai'],
    kimi: ['kimi.com', 'kimi.moonshot.cn'],
    meta_ai: ['meta.ai'],
    mistral: ['chat.mistral.ai', 'mistral.ai'],
    notebooklm: ['notebooklm.google.com'],
    perplexity: ['perplexity.ai', 'perplexity'],
    phind: ['phind.com'],
    poe: ['poe.com'],
    qwen: ['chat.qwen.ai', 'qwen.ai'],
    you: ['you.com'],
  },
  search: {
    aol: ['search.aol.com', 'aol'],
    ask: ['ask.com'],
    baidu: ['baidu.com', 'baidu'],
    bing: ['bing.com', 'bing', 'cn.bing.com'],
    brave: ['search.brave.com'],
    duckduckgo: ['duckduckgo.com', 'duckduckgo', 'ddg'],
    ecosia: ['ecosia.org', 'ecosia'],
    google: ['google', 'com.google.android.googlequicksearchbox'],
    kagi: ['kagi.com'],
    lycos: ['lycos'],
    mojeek: ['mojeek.com'],
    naver: ['naver.com', 'naver'],
    qwant: ['qwant.com', 'qwant'],
    seznam: ['seznam.cz', 'seznam'],
    sogou: ['sogou.com', 'sogou'],
    startpage: ['startpage.com', 'startpage'],
    yahoo: ['search.yahoo.com', 'yahoo'],
    yandex: ['yandex', 'ya.ru'],
  },
  social: {
    bluesky: ['bsky.app', 'go.bsky.app', 'bluesky'],
    discord: ['discord.com', 'discord'],
    facebook: ['facebook.com', 'facebook', 'fb', 'fb.com', 'fb.me', 'com.facebook.katana', 'meta'],
    hackernews: ['news.ycombinator.com'],
    instagram: ['instagram.com', 'instagram', 'ig', 'com.instagram.android'],
    linkedin: ['linkedin.com', 'lnkd.in', 'linkedin', 'com.linkedin.android'],
    lobsters: ['lobste.rs'],
    mastodon: ['mastodon.social', 'mastodon.online', 'mastodon'],
    messenger: ['messenger.com', 'messenger'],
    pinterest: ['pinterest', 'pin.it'],
    producthunt: ['producthunt.com', 'producthunt'],
    quora: ['quora.com', 'quora'],
    reddit: ['reddit.com', 'redd.it', 'reddit', 'com.reddit.frontpage'],
    snapchat: ['snapchat.com', 'snapchat'],
    stackoverflow: ['stackoverflow.com'],
    telegram: ['t.me', 'telegram.org', 'telegram', 'org.telegram.messenger'],
    threads: ['threads.net', 'threads.com', 'threads'],
    tumblr: ['tumblr.com', 't.umblr.com', 'tumblr'],
    twitter: ['twitter.com', 't.co', 'x.com', 'twitter', 'com.twitter.android'],
    vk: ['vk.com', 'vkontakte.ru', 'vk'],
    wechat: ['wechat.com', 'weixin.qq.com', 'wechat'],
    weibo: ['weibo.com', 'weibo'],
    whatsapp: ['whatsapp.com', 'wa.me', 'whatsapp', 'com.whatsapp'],
    xing: ['xing.com', 'xing'],
  },
  video: {
    dailymotion: ['dailymotion.com', 'dailymotion'],
    disneyplus: ['disneyplus.com'],
    netflix: ['netflix.com', 'netflix'],
    tiktok: ['tiktok.com', 'tiktok', 'com.zhiliaoapp.musically'],
    twitch: ['twitch.tv', 'twitch'],
    vimeo: ['vimeo.com', 'vimeo'],
    youtube: ['youtube.com', 'youtu.be', 'youtube', 'com.google.android.youtube'],
  },
  shopping: {
    alibaba: ['alibaba.com', 'alibaba'],
    aliexpress: ['aliexpress.com', 'aliexpress'],
    amazon: ['amazon'],
    ebay: ['ebay'],
    etsy: ['etsy.com', 'etsy'],
    google_shopping: ['shopping.google.com'],
    idealo: ['idealo'],
    shopify: ['shop.app', 'shopify.com'],
    shopzilla: ['shopzilla.com', 'shopzilla'],
    temu: ['temu.com', 'temu'],
    walmart: ['walmart.com', 'walmart'],
  },
  email: {
    gmail: ['mail.google.com', 'com.google.android.gm'],
    outlook: ['outlook.live.com', 'outlook.office.com', 'outlook.office365.com'],
    yahoo_mail: ['mail.yahoo.com'],
    proton: ['mail.proton.me'],
  },
};

export type KnownSource = { source: string; kind: SourceKind };

const BY_NAME = new Map<string, KnownSource>();
// Exact hosts first: `gemini.google.com` is an assistant, `mail.google.com` a mailbox, the rest of google a search.
for (const kind of ['email', 'ai', 'search', 'social', 'video', 'shopping'] as const) {
  for (const [source, names] of Object.entries(SOURCES[kind])) {
    for (const name of [...names, source]) if (!BY_NAME.has(name)) BY_NAME.set(name, { source, kind });
  }
}

/** By exact name: a host, a registrable domain, or what stands in `utm_source`. */
export function knownSource(name: string): KnownSource | undefined {
  return BY_NAME.get(name);
}
