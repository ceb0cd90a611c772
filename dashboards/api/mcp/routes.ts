/** `POST /mcp`: the reports for an analyst's assistant, by the Model Context Protocol (Streamable HTTP, without sessions). */
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { Hono } from 'hono';
import type { Principal } from '../principal.ts';
import { refuse } from '../refusal.ts';
import { toReportRefusal } from '../report-refusal.ts';
import { type Caller, type McpWorld, TOOLS, type Tool } from './tools.ts';

export type McpRoutesWorld = McpWorld & {
  apiKeys: { find(secret: string): Promise<Principal | undefined> };
  version: string;
};

const MOST_BYTES = 256 * 1024;

const INSTRUCTIONS =
  'Figures about the visitors of websites. Begin with list_sites and list_fields; the tool "catalogue" lists events and properties. Rates are fractions, times are milliseconds, days are local days of the site. Each answer’s meta says up to when it counts, how far persons can be followed, and what each number means: repeat that to whoever asks.';

/**
 * Mounted at the root. Only API keys are let in: a browser's cookie comes along with requests that a person never meant.
 * Each request stands for itself, so that any of several processes can answer it.
 */
export function mcpRoutes(world: McpRoutesWorld): Hono {
  const app = new Hono();
  app.post('/mcp', async (c) => {
    c.header('cache-control', 'no-store');
    const secret = /^Bearer\s+(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1];
    const principal = secret === undefined ? undefined : await world.apiKeys.find(secret);
    if (!principal) {
      c.header('www-authenticate', 'Bearer');
      const message = 'Expected an API key as "Authorization: Bearer ffk_…"';
      return refuse(c, 401, { code: 'signed_out', message });
    }
    if (!principal.scopes.includes('read'))
      return refuse(c, 403, { code: 'not_allowed', message: 'This API key lacks the scope "read"' });
    const server = serverFor({ principal, signal: c.req.raw.signal }, world);
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: true,
      maxRequestBodySize: MOST_BYTES,
    });
    await server.connect(transport);
    return transport.handleRequest(c.req.raw);
  });
  // Nothing is sent unasked, and there is no session to end.
  app.on(['GET', 'DELETE'], '/mcp', (c) => {
    c.header('allow', 'POST');
    return refuse(c, 405, { code: 'not_allowed', message: 'Expected a POST of the Model Context Protocol' });
  });
  return app;
}

function serverFor(caller: Caller, world: McpRoutesWorld): Server {
  const tools = TOOLS.filter(({ isFor }) => isFor?.(caller.principal) ?? true);
  const server = new Server(
    { name: 'footfall', title: 'Footfall', version: world.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ call: _, isFor: __, ...tool }) => ({ ...tool, annotations: READ_ONLY })),
  }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const tool = tools.find(({ name }) => name === params.name);
    return tool
      ? call(tool, params.arguments ?? {}, caller, world)
      : refused(`There is no tool "${params.name}"`);
  });
  return server;
}

const READ_ONLY = { readOnlyHint: true, openWorldHint: false };

async function call(
  tool: Tool,
  asked: Record<string, unknown>,
  caller: Caller,
  world: McpRoutesWorld,
): Promise<CallToolResult> {
  try {
    const answer = await tool.call(asked, caller, world);
    if ('refused' in answer) return refused(answer.refused.message);
    return {
      content: [{ type: 'text', text: JSON.stringify(answer.told) }],
      structuredContent: { ...answer.told },
    };
  } catch (error) {
    const refusal = toReportRefusal(error, asked);
    if (!refusal) throw error;
    return refused(refusal.error.message);
  }
}

/** An assistant reads the sentence and asks better. */
function refused(message: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text: message }] };
}
