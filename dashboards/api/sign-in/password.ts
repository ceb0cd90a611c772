import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** OWASP's scrypt parameters: 64 MiB and about 0.2 s for each guess. */
const COST = { N: 2 ** 16, r: 8, p: 1 };
const KEY_BYTES = 32;

/** Shorter ones fall to guessing; longer ones than the maximum only keep the processor busy. */
export const PASSWORD_LENGTH = { least: 10, most: 200 } as const;

/** The text to store: `scrypt$N$r$p$salt$key`, so that the cost may rise later without locking anyone out. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), key.toString('base64')].join('$');
}

/** Takes as long for an empty or unreadable `stored` as for a real one, so that time does not tell who has a password. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const parts = parse(stored);
  const key = await derive(password, parts?.salt ?? Buffer.alloc(16), parts?.cost ?? COST);
  return parts !== undefined && timingSafeEqual(key, parts.key);
}

function parse(stored: string): { cost: typeof COST; salt: Buffer; key: Buffer } | undefined {
  const [name, N, r, p, salt, key] = stored.split('$');
  if (name !== 'scrypt' || !salt || !key) return undefined;
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length !== KEY_BYTES) return undefined;
  return {
    cost: { N: Number(N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: bytes,
  };
}

function derive(password: string, salt: Buffer, cost: typeof COST): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { ...cost, maxmem: 256 * cost.N * cost.r };
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
