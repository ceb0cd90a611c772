/**
 * `GET /v1/projects/{key}/settings`: what Segment's browser library asks its CDN for before it sends. It learns to send
 * here; nothing else is switched on.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerError, answerPreflight, writeJson } from '../answer.ts';
import { RefusalError } from '../refusal.ts';
import type { World } from '../world.ts';

const PATH = /^\/v1\/projects\/([^/?]{1,100})\/settings$/;

/** The write key in such a path, or undefined for any other. */
export function readProjectKey(path: string): string | undefined {
  return PATH.exec(path)?.[1];
}

export function answerProjectSettings(
  incoming: IncomingMessage,
  response: ServerResponse,
  writeKey: string,
  world: World,
): void {
  if (incoming.method === 'OPTIONS') answerPreflight(response);
  else if (world.sites.find(writeKey) === undefined) {
    const refusal = new RefusalError(
      404,
      'unknown_site',
      'Expected the id of a site of this collector as write key',
    );
    answerError(incoming, response, refusal, world.log);
  } else writeJson(response, 200, JSON.stringify(toSettings(incoming, writeKey, world)));
}

function toSettings(incoming: IncomingMessage, writeKey: string, { isTrustedProxy }: World): object {
  const { headers, socket } = incoming;
  const proxied = isTrustedProxy(socket.remoteAddress ?? '') ? headers['x-forwarded-proto'] : undefined;
  const protocol = proxied === 'https' ? 'https' : 'http';
  return {
    integrations: {
      'Segment.io': {
        apiKey: writeKey,
        apiHost: `${headers.host ?? ''}/v1`,
        protocol,
        addBundledMetadata: false,
      },
    },
    plan: { track: { __default: { enabled: true } }, identify: { __default: { enabled: true } } },
    edgeFunction: {},
    analyticsNextEnabled: true,
    middlewareSettings: {},
    enabledMiddleware: {},
    metrics: { sampleRate: 0 },
    legacyVideoPluginsEnabled: false,
    remotePlugins: [],
  };
}
