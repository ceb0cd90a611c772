/** `/api/members`: who may come in, and as what. For owners and admins, signed in by themselves. */
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import type { Storage } from '../../collector/storage/storage.ts';
import { actorOf, recordAudit } from './audit.ts';
import type { Authenticated } from './principal.ts';
import { readJson } from './read-json.ts';
import { refuse, toRefusal } from './refusal.ts';
import { requireRole } from './require-role.ts';
import { type Accounts, ROLES, type Role, type User } from './sign-in/accounts.ts';
import { mayActAs } from './sign-in/guard.ts';
import type { UserCredentials } from './sign-in/user-credentials.ts';

export type Member = {
  user_id: string;
  email: string;
  name: string;
  role: Role;
  /** Has been asked, and has not yet chosen a password. */
  is_invited: boolean;
};

export type MembersWorld = {
  accounts: Accounts;
  credentials: Pick<UserCredentials, 'endAll'>;
  storage: Pick<Storage, 'insert'>;
  publicUrl: () => string;
  now: () => number;
};

const role = z.enum(ROLES);
export const inviteBody = z.strictObject({ email: z.email().trim().toLowerCase().max(254), role });
export const memberBody = z.strictObject({ role });

type Asked = Context<Authenticated>;

export function memberRoutes(world: MembersWorld): Hono<Authenticated> {
  const app = new Hono<Authenticated>();
  const inTurn = createTurns();
  app.use(requireRole('admin'));
  app.get('/', async (c) => c.json({ rows: (await world.accounts.list()).map(toMember) }));
  app.post('/', (c) => inTurn(() => invite(c, world)));
  app.put('/:id', (c) => inTurn(() => changeRole(c, world)));
  app.post('/:id/link', (c) => inTurn(() => makeLink(c, world)));
  app.delete('/:id', (c) => inTurn(() => remove(c, world)));
  return app;
}

async function invite(c: Asked, world: MembersWorld): Promise<Response> {
  const body = await readBody(c, inviteBody);
  if (body instanceof Response) return body;
  if (!mayActAs(c.get('principal'), body.role)) return tooHigh(c, body.role);
  if (await world.accounts.findByEmail(body.email)) {
    const message = `${body.email} is a member already`;
    return refuse(c, 409, { code: 'taken', message, field: 'email', found: body.email });
  }
  const user = await world.accounts.create(body.email, body.role);
  const link = await linkFor(user, world);
  await record(c, world, 'member_invited', user, { role: user.role });
  return c.json({ ...toMember(user), link }, 201);
}

async function changeRole(c: Asked, world: MembersWorld): Promise<Response> {
  const body = await readBody(c, memberBody);
  if (body instanceof Response) return body;
  const user = await managed(c, world);
  if (user instanceof Response) return user;
  if (!mayActAs(c.get('principal'), body.role)) return tooHigh(c, body.role);
  if (user.role === 'owner' && body.role !== 'owner') {
    if (!(await stepDown(user, body.role, world))) return lastOwner(c);
  } else await world.accounts.setRole(user.userId, body.role);
  await record(c, world, 'member_changed', user, { from: user.role, to: body.role });
  return c.json(toMember({ ...user, role: body.role }));
}

/** A new link to choose a password by: for who has lost theirs, or never used the first. */
async function makeLink(c: Asked, world: MembersWorld): Promise<Response> {
  const user = await managed(c, world);
  if (user instanceof Response) return user;
  const link = await linkFor(user, world);
  await record(c, world, 'member_changed', user, { link: user.hasPassword ? 'reset' : 'invite' });
  return c.json({ link }, 201);
}

async function remove(c: Asked, world: MembersWorld): Promise<Response> {
  const user = await managed(c, world);
  if (user instanceof Response) return user;
  if (user.role === 'owner' && !(await stepDown(user, 'admin', world))) return lastOwner(c);
  await world.credentials.endAll(user.userId);
  await world.accounts.remove(user.userId);
  await record(c, world, 'member_removed', user, { role: user.role });
  return c.body(null, 204);
}

/** The member that the path names; a refusal where there is none, or one who may do more than whoever asks. */
async function managed(c: Asked, { accounts }: MembersWorld): Promise<User | Response> {
  const id = c.req.param('id') ?? '';
  const user = z.uuid().safeParse(id).success ? await accounts.findById(id) : undefined;
  if (!user) return refuse(c, 404, { code: 'unknown_member', message: `There is no member "${id}"` });
  return mayActAs(c.get('principal'), user.role) ? user : tooHigh(c, user.role);
}

/**
 * Takes the role from an owner, unless nobody would be left with it. Looks again afterwards: of two processes that do this
 * at the same moment the later one sees both, and gives the role back.
 */
async function stepDown({ userId }: User, role: Role, { accounts }: MembersWorld): Promise<boolean> {
  const countOwners = async () => (await accounts.list()).filter((one) => one.role === 'owner').length;
  if ((await countOwners()) === 1) return false;
  await accounts.setRole(userId, role);
  if ((await countOwners()) > 0) return true;
  await accounts.setRole(userId, 'owner');
  return false;
}

function lastOwner(c: Asked): Response {
  const message = 'This is the last owner: make somebody else an owner first';
  return refuse(c, 409, { code: 'last_owner', message });
}

function tooHigh(c: Asked, wanted: Role): Response {
  const message = `This needs the role "${wanted}", and you are "${c.get('principal').role}"`;
  return refuse(c, 403, { code: 'not_allowed', message });
}

async function linkFor(user: User, { accounts, publicUrl }: MembersWorld): Promise<string> {
  const secret = await accounts.createLink(user.userId, user.hasPassword ? 'reset' : 'invite');
  return `${publicUrl()}/sign-in/${secret}`;
}

function record(
  c: Asked,
  world: MembersWorld,
  action: 'member_invited' | 'member_changed' | 'member_removed',
  { email }: User,
  details: Record<string, unknown>,
): Promise<void> {
  return recordAudit(world, { siteId: '', ...actorOf(c), action, subject: email, details });
}

async function readBody<Value>(c: Asked, shape: z.ZodType<Value>): Promise<Value | Response> {
  const sent = await readJson(c);
  if ('refused' in sent) return sent.refused;
  const parsed = shape.safeParse(sent.value);
  return parsed.success ? parsed.data : refuse(c, 400, toRefusal(parsed.error, sent.value));
}

function toMember({ userId, email, name, role, hasPassword }: User): Member {
  return { user_id: userId, email, name, role, is_invited: !hasPassword };
}

/** One after the other: of two owners who take the role from each other at the same moment, one then succeeds. */
function createTurns() {
  let last: Promise<unknown> = Promise.resolve();
  return <Value>(act: () => Promise<Value>): Promise<Value> => {
    const next = last.then(act, act);
    last = next;
    return next;
  };
}
