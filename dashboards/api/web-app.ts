/** Hands out the built web app. Its files have hashed names, so that a browser asks for each only once. */
import { Hono } from 'hono';
import { secureHeaders } from 'hono/secure-headers';
import { loadFiles, sendFile } from '../../collector/files.ts';
import type { Accounts } from './sign-in/accounts.ts';
import { currentUser } from './sign-in/guard.ts';

const FOR_EVER = { 'cache-control': 'public, max-age=31536000, immutable' };

/** What every page of a site asks first, fetched while its script is on its way. As `fetch` asks: CORS, own credentials. */
const ASKED_FIRST = {
  link: ['/api/me', '/api/sites'].map((path) => `<${path}>; rel=preload; as=fetch; crossorigin`).join(', '),
};

/**
 * `/assets/*` for anybody, the page itself for whoever follows a public link (`/shared/…`, which the API then opens or
 * not), and for signed-in people at every other path that no earlier route took; others are sent to sign in. `directory` is what dashboards/app/build.mjs made.
 */
export function webAppRoutes(directory: string, accounts: Accounts): Hono {
  const assets = loadFiles(directory);
  const page = assets.get('/index.html');
  const app = new Hono();

  app.get('/assets/*', (c) => {
    const asset = assets.get(c.req.path);
    if (!asset) return c.notFound();
    return sendFile(asset, c.req.header('accept-encoding'), FOR_EVER);
  });
  app.get('*', pageHeaders, async (c) => {
    if (/\.\w+$/.test(c.req.path) || !page) return c.notFound();
    const isPublic = /^\/shared\/[\w-]+$/.test(c.req.path);
    if (!isPublic && !(await currentUser(c, accounts))) return c.redirect('/sign-in', 303);
    return sendFile(page, c.req.header('accept-encoding'), {
      'cache-control': 'no-store',
      ...(c.req.path.startsWith('/sites/') && !c.req.path.endsWith('/new') && ASKED_FIRST),
    });
  });
  return app;
}

const pageHeaders = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    // Charts and popovers place themselves by style attributes, which script sets; no style comes as text.
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    formAction: ["'self'"],
    baseUri: ["'none'"],
    frameAncestors: ["'none'"],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'same-origin',
  strictTransportSecurity: false, // The proxy that ends TLS decides for its host.
});
