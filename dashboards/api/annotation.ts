/** The body of a saved annotation: when something happened, on the wall of the site. Its name says what. */
import { z } from 'zod';

export const annotationBody = z.strictObject({
  date: z.iso.date('Expected a day like "2026-11-03"'),
  time: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Expected a time like "14:30"')
    .optional()
    .describe('Without it: the whole day.'),
});

export type Annotation = z.infer<typeof annotationBody>;
