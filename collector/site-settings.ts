/** What a site's owner decides about what the doors take and keep. Stored as JSON in `sites.settings`. */
import { z } from 'zod';

/** What to do with a visitor who may not be followed: count them for the day only, or not at all. */
const withoutConsent = z.enum(['cookieless', 'nothing']);

const plannedProperty = z.strictObject({
  name: z.string().min(1).max(100),
  type: z.enum(['text', 'number', 'boolean']),
  required: z.boolean().default(false),
});

/** Which custom events a site means to send, and with which properties. Properties it does not name may come too. */
const plan = z.strictObject({
  /** `observe`: what is not planned is stored and marked. `enforce`: it is refused. */
  mode: z.enum(['off', 'observe', 'enforce']).default('off'),
  events: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(100),
        properties: z.array(plannedProperty).max(64).default([]),
      }),
    )
    .max(500)
    .default([]),
});

export type TrackingPlan = z.infer<typeof plan>;

const shape = z.object({
  /** Hostnames that may send, `*.example.com` for all below it. Empty: any. */
  allowedHostnames: z.array(z.string().max(253)).max(100).default([]),
  /** Addresses and CIDR ranges whose visits are not counted: the owner's office. */
  excludedAddresses: z.array(z.string().max(50)).max(200).default([]),
  /** Paths that are not counted; `*` stands for any text. */
  excludedPaths: z.array(z.string().max(500)).max(200).default([]),
  /** `required`: without a `granted` nothing is stored. */
  consent: z.enum(['optional', 'required']).default('optional'),
  whenDenied: withoutConsent.default('cookieless'),
  /** For browsers that send Global Privacy Control or Do Not Track and were not granted consent. */
  privacySignals: z.enum(['ignore', 'cookieless', 'nothing']).default('cookieless'),
  /** Query parameters that are kept with the path. UTM parameters are read in any case, click ids never kept. */
  queryAllowList: z
    .array(z.string().max(100))
    .max(100)
    .default(['q', 'query', 'search', 's', 'page', 'category', 'sort']),
  /** For sites that route by what stands after the `#`. */
  keepFragment: z.boolean().default(false),
  /** Events of a developer's own machine or an automated browser: kept as tests, or counted like any other. */
  countTestEvents: z.boolean().default(false),
  plan: plan.default({ mode: 'off', events: [] }),
  /** Days after which events go; 0: never. */
  retentionDays: z.number().int().min(0).max(36_500).default(0),
});

export type SiteSettings = z.infer<typeof shape>;

export const DEFAULT_SETTINGS: SiteSettings = shape.parse({});

/** For what a person has typed: throws ZodError if anything is wrong. Absent fields take their defaults. */
export function parseSettings(value: unknown): SiteSettings {
  return shape.strict().parse(value);
}

/** For what lies in the table: never throws, for a field this version cannot read must not close the door. */
export function toSettings(json: string): SiteSettings {
  try {
    const stored: unknown = JSON.parse(json || '{}');
    const entries = Object.entries(shape.shape).map(([name, field]) => {
      const value = typeof stored === 'object' && stored !== null ? Reflect.get(stored, name) : undefined;
      const parsed = field.safeParse(value);
      return [name, parsed.success ? parsed.data : field.parse(undefined)];
    });
    return shape.parse(Object.fromEntries(entries));
  } catch {
    // Not JSON at all: the defaults are the careful choice.
    return DEFAULT_SETTINGS;
  }
}
