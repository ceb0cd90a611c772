/** The page that bears one script, and the door that takes whatever it sends. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const NODES = { empty: '', nodes: '<p><b>Some</b> <i>text</i></p>'.repeat(1_000) };

/**
 * `/empty?<script>` and `/nodes?<script>`. `directories`: where a script's lazy files lie. `requests`: the methods of what
 * was fetched and sent, but for the pages.
 */
export async function serveSite(scripts, directories) {
  const requests = [];
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://bench');
    const [page, name] = [NODES[pathname.slice(1)], decodeURIComponent(search.slice(1))];
    if (page !== undefined) return respond(response, 'text/html', toPage(page, search, request.headers.host));
    if (pathname === '/favicon.ico') return respond(response, 'image/png', '');
    requests.push(request.method);
    if (pathname === '/script.js') return respond(response, 'text/javascript', scripts[name]);
    const [, from, file] = /^\/(\w+)\/(footfall-\w+\.js)$/.exec(pathname) ?? [];
    if (file) return respond(response, 'text/javascript', readFileSync(join(directories[from], file)));
    respond(response, 'application/json', '{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${server.address().port}`, requests, close };
}

/** Button and link lie as deep as in a usual page; neither the site nor the browser answers a click on them. */
function toPage(body, search, host) {
  return `<!doctype html><title>Bench</title>
    <script defer src="/script.js${search}" data-site="shop" data-endpoint="http://${host}/${search.slice(1)}/events"></script>
    <script>addEventListener('click', (event) => event.preventDefault())</script>
    <body>${'<div>'.repeat(10)}<button>Button</button><a href="http://out.example/">Link</a>${'</div>'.repeat(10)}
    ${body}<p style="height:9000px">`;
}

function respond(response, type, content) {
  response.writeHead(200, { 'content-type': type, 'access-control-allow-origin': '*' }).end(content);
}
