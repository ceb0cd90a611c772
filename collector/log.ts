/** What the operator's log says: one line per happening, without visitors' addresses and without secrets. */
import { isIP } from 'node:net';

export type LogLevel = 'info' | 'warn' | 'error';

/** `error` is what went wrong, if anything did; its stack and cause are written with it. */
export type Log = (level: LogLevel, message: string, error?: unknown) => void;

export type LogFormat = 'text' | 'json';

export type LogOptions = {
  /** `text` for a person at a terminal, `json` for whatever collects logs: one object per line. */
  format: LogFormat;
  write: (line: string) => void;
  now: () => Date;
};

/** Never throws. */
export function createLog({ format, write, now }: LogOptions): Log {
  return (level, message, error) => {
    const detail = error === undefined ? undefined : redact(describe(error));
    const line = { time: now().toISOString(), level, message: redact(message), ...(detail && { detail }) };
    if (format === 'json') write(`${JSON.stringify(line)}\n`);
    else
      write(
        `${line.time} ${level.padEnd(5)} ${line.message}${detail ? `\n  ${detail.replaceAll('\n', '\n  ')}` : ''}\n`,
      );
  };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? '' : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

const SECRET = /((?:sign-in\/|session=|Bearer |Basic |password=))[\w+/=.-]{8,}/gi;
const MAYBE_ADDRESS = /[0-9a-f:.]{3,45}/gi;

/** A safety net: whoever logs leaves these out in the first place; errors of others quote what they were given. */
export function redact(text: string): string {
  return text.replace(SECRET, '$1[secret]').replace(MAYBE_ADDRESS, (word) => {
    const candidate = word.replace(/(?<=^[\d.]+):\d+$|[.:]$/, '');
    const isForeign = isIP(candidate) !== 0 && !/^(127\.|::1$)/.test(candidate);
    return isForeign ? word.replace(candidate, '[address]') : word;
  });
}
