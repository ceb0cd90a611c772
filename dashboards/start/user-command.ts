/** `npm run user -- invite <email> [role]`, `… reset <email>`, `… list`: needs no mail server, prints links instead. */

import { type CommandWorld, runCommand, UsageError } from '../../collector/command.ts';
import { readAddress } from '../../collector/data-directory.ts';
import { type Accounts, createAccounts, ROLES, type Role } from '../api/sign-in/accounts.ts';

const USAGE = `Expected one of:
  npm run user -- invite <email> [${ROLES.join('|')}]   a link with which a new person chooses a password (7 days)
  npm run user -- reset <email>                            a link with which a known person chooses a new one (1 day)
  npm run user -- list`;

async function user({ config, database, arguments: words }: CommandWorld): Promise<string> {
  const [verb, email = '', role = 'analyst'] = words;
  const accounts = createAccounts({ storage: database.storage, now: Date.now });
  const publicUrl =
    config.publicUrl ?? readAddress(config.dataDirectory) ?? `http://${config.host}:${config.port}`;
  if (verb === 'list') return list(accounts);
  if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError(USAGE);
  if (verb === 'invite') return `${publicUrl}/sign-in/${await invite(accounts, email, toRole(role))}`;
  if (verb === 'reset') return `${publicUrl}/sign-in/${await reset(accounts, email)}`;
  throw new UsageError(USAGE);
}

async function list(accounts: Accounts): Promise<string> {
  const users = await accounts.list();
  const width = Math.max(...users.map((one) => one.email.length));
  return users
    .map(
      (one) =>
        `${one.email.padEnd(width)}  ${one.role.padEnd(7)}${one.hasPassword ? '' : '  no password yet'}`,
    )
    .join('\n');
}

async function invite(accounts: Accounts, email: string, role: Role): Promise<string> {
  if (await accounts.findByEmail(email)) {
    throw new UsageError(`${email} is a user already: npm run user -- reset ${email} prints a new link.`);
  }
  return accounts.createLink((await accounts.create(email, role)).userId, 'invite');
}

async function reset(accounts: Accounts, email: string): Promise<string> {
  const known = await accounts.findByEmail(email);
  if (!known) throw new UsageError(`There is no user ${email}: npm run user -- list shows those there are.`);
  return accounts.createLink(known.userId, 'reset');
}

function toRole(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (!role) throw new UsageError(`Expected a role of ${ROLES.join(', ')}, got "${text}".`);
  return role;
}

await runCommand(process.env, process.argv.slice(2), user);
