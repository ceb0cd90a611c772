/** JavaScript errors of the page's own scripts: each once, and at most ten a page. Opt-in. */
import type { Start } from './lazy.ts';

const MOST = 10;

export const start: Start = (record, _flush, cleanUrl) => {
  const seen = new Set<string>();

  const report = (message: string, stack: string, file = '', line?: number, column?: number) => {
    // Foreign scripts without CORS say nothing but "Script error."; extensions are not the page's.
    const isOwn = (file || stack).includes(location.origin);
    const key = message + file + line;
    if (!isOwn || seen.has(key) || seen.size >= MOST) return;
    seen.add(key);
    const target = file && cleanUrl(file);
    record('error', {
      message: message.slice(0, 500),
      ...(target && { target }),
      ...(line && { line, column }),
      ...(stack && { stack: stack.replace(/\?[^\s:)]*/g, '') }),
    });
  };

  addEventListener('error', ({ message, filename, lineno, colno, error }) => {
    if (message) report(message, stackOf(error), filename, lineno, colno);
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    report(reason instanceof Error ? `${reason.name}: ${reason.message}` : `${reason}`, stackOf(reason));
  });
};

function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.stack || ''}` : '';
}
