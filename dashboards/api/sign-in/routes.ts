/** Signing in and out: by password, or by a link that works once. */
import { readFileSync } from 'node:fs';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';
import type { Storage } from '../../../collector/storage/storage.ts';
import { recordAudit } from '../audit.ts';
import type { Accounts, User } from './accounts.ts';
import { SESSION_LIFETIME_MS } from './accounts.ts';
import type { AttemptLimit } from './attempts.ts';
import { currentUser, requireUser, SESSION_COOKIE, sameOrigin } from './guard.ts';
import { choosePasswordPage, linkSpentPage, signInPage } from './page.ts';
import { PASSWORD_LENGTH } from './password.ts';

export type SignInWorld = {
  accounts: Accounts;
  /** Without trailing slash. */
  publicUrl: () => string;
  /** The visitor's address, as the trusted proxies tell it. */
  addressOf: (c: Context) => string;
  /** Bounds guessing: asked before each password is checked. */
  attempts: AttemptLimit;
  /** For the audit log. */
  storage: Pick<Storage, 'insert'>;
  now: () => number;
};

const MOST_OF_EMAIL = 320;
const STYLE = readFileSync(new URL('./sign-in.css', import.meta.url), 'utf8');

/** Mounted at the root: `/sign-in`, `/sign-in/<secret>`, `/sign-out`, `/api/me`. */
export function signInRoutes(world: SignInWorld): Hono {
  const { accounts, publicUrl } = world;
  const app = new Hono();
  for (const path of ['/sign-in', '/sign-in/*', '/sign-out']) {
    app.use(path, pageHeaders, noStore, smallForms, sameOrigin(publicUrl));
  }

  app.get('/sign-in.css', (c) => c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.get('/sign-in', (c) => c.html(signInPage()));
  app.post('/sign-in', (c) => signInByPassword(c, world));
  app.get('/sign-in/:secret', (c) => followLink(c, world));
  app.post('/sign-in/:secret', (c) => choosePassword(c, world));
  app.post('/sign-out', async (c) => {
    const secret = getCookie(c, SESSION_COOKIE);
    if (secret) await accounts.closeSession(secret);
    deleteCookie(c, SESSION_COOKIE, { path: '/' });
    return c.redirect('/sign-in', 303);
  });
  app.get('/api/me', noStore, requireUser(accounts), (c) => c.json(c.get('user')));
  return app;
}

/** Strangers may post here: a form is a few hundred bytes. */
const smallForms = bodyLimit({
  maxSize: 16 * 1024,
  onError: (c) => c.text('Expected a form of at most 16 kB.\n', 413),
});

const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  // A link is a secret until it is used. Not no-referrer: it would make the Origin of our own forms "null".
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false, // The proxy that ends TLS decides for its host.
});

async function noStore(c: Context, next: () => Promise<void>): Promise<void> {
  await next();
  c.header('cache-control', 'no-store');
}

async function signInByPassword(c: Context, world: SignInWorld) {
  const email = (await field(c, 'email')).toLowerCase();
  const address = world.addressOf(c);
  const waitSeconds = world.attempts.take(email, address);
  if (waitSeconds > 0) {
    c.header('retry-after', String(waitSeconds));
    const problem = `Too many attempts: wait ${Math.ceil(waitSeconds / 60)} minutes, then try again.`;
    return c.html(signInPage({ email, problem }), 429);
  }
  const password = (await field(c, 'password')).slice(0, PASSWORD_LENGTH.most);
  const user = await world.accounts.checkPassword(email, password);
  if (!user) {
    const subject = email.slice(0, MOST_OF_EMAIL);
    await recordAudit(world, { siteId: '', action: 'sign_in_failed', subject });
    return c.html(signInPage({ email, problem: 'E-mail address or password is wrong.' }), 401);
  }
  world.attempts.forgive(email, address);
  return enter(c, world, user, 'password');
}

async function followLink(c: Context, world: SignInWorld) {
  const secret = c.req.param('secret') ?? '';
  const link = await world.accounts.readLink(secret);
  // Followed twice by the same browser (a reload, a prefetch that came first): they are in already.
  if (!link)
    return (await currentUser(c, world.accounts)) ? c.redirect('/', 303) : c.html(linkSpentPage(), 410);
  if (link.purpose !== 'start') return c.html(choosePasswordPage(link.user.email, `/sign-in/${secret}`));
  const user = await world.accounts.redeemLink(secret);
  return user ? enter(c, world, user, 'link') : c.html(linkSpentPage(), 410);
}

async function choosePassword(c: Context, world: SignInWorld) {
  const secret = c.req.param('secret') ?? '';
  const link = await world.accounts.readLink(secret);
  if (!link) return c.html(linkSpentPage(), 410);
  const password = await field(c, 'password');
  if (password.length < PASSWORD_LENGTH.least || password.length > PASSWORD_LENGTH.most) {
    const wrong = `Choose ${PASSWORD_LENGTH.least} to ${PASSWORD_LENGTH.most} characters; that one had ${password.length}.`;
    return c.html(choosePasswordPage(link.user.email, `/sign-in/${secret}`, wrong), 400);
  }
  const user = await world.accounts.redeemLink(secret);
  if (!user) return c.html(linkSpentPage(), 410);
  await world.accounts.setPassword(user.userId, password);
  return enter(c, world, user, 'link');
}

async function enter(c: Context, world: SignInWorld, user: User, by: 'password' | 'link') {
  const { userId } = user;
  const secret = await world.accounts.openSession(userId, c.req.header('user-agent'));
  await recordAudit(world, {
    siteId: '',
    userId,
    action: 'signed_in',
    subject: user.email,
    details: { by },
  });
  setCookie(c, SESSION_COOKIE, secret, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: world.publicUrl().startsWith('https:'),
    maxAge: SESSION_LIFETIME_MS / 1_000,
  });
  return c.redirect('/', 303);
}

async function field(c: Context, name: string): Promise<string> {
  const value = (await c.req.parseBody())[name];
  return typeof value === 'string' ? value : '';
}
