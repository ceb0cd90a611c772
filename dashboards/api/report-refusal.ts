/** What a question about a report is refused with, where it is the fault of what was asked. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import type { Refusal } from '../../collector/protocol.ts';
import { StorageError } from '../../collector/storage/storage.ts';
import { ReportError } from '../reports/report.ts';
import { toRefusal } from './refusal.ts';

/** Undefined where the fault is ours. `sent` is what the report was asked with. */
export function toReportRefusal(
  error: unknown,
  sent: unknown,
): { status: ContentfulStatusCode; error: Refusal['error'] } | undefined {
  if (error instanceof z.ZodError) return { status: 400, error: toRefusal(error, sent) };
  if (error instanceof ReportError) {
    const { message, field } = error;
    return { status: 400, error: { code: 'invalid_parameters', message, field } };
  }
  const limit = error instanceof StorageError && LIMITS.get(error.code ?? 0);
  return limit ? { status: 422, error: { code: 'too_large', message: limit } } : undefined;
}

/** ClickHouse's numbers for what the reader's profile forbids. */
const LIMITS = new Map([
  [159, 'This took longer than a report may: ask for a shorter period or fewer steps'],
  [241, 'This needed more memory than a report may use: ask for a shorter period or fewer rows'],
  [427, 'The regular expression was not understood: RE2 has no look-around and no back-references'],
]);
