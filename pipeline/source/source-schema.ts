import { z } from "zod";
import { duration, path, secret, setting, share } from "./profile-fields.ts";

const auth = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("none") }),
  z.strictObject({ type: z.literal("bearer"), token: secret }),
  z.strictObject({ type: z.literal("api_key"), header: z.string(), key: secret }),
  z.strictObject({ type: z.literal("http_basic"), username: setting, password: secret }),
  z.strictObject({
    type: z.literal("oauth2_client_credentials"),
    token_url: z.string().describe("`{base_url}` stands for the source's."),
    client_id: setting,
    client_secret: secret,
    scopes: z.array(z.string()).default([]),
    default_expires_in: duration.prefault("15m").describe("Where the reply has no expires_in."),
  }),
]);

const rateLimit = z.strictObject({
  budgets: z
    .array(z.strictObject({ count: z.int().min(1), interval: duration }))
    .default([])
    .describe("Every window holds at once; failed calls count too."),
  share: share.default(1).describe("Leaves room for the tenant's other integrations."),
  concurrency: z.int().min(1).max(64).default(4),
  headers: z
    .strictObject({
      remaining: z.string(),
      reset: z.string(),
      reset_format: z.enum(["epoch_seconds", "seconds"]).default("epoch_seconds"),
    })
    .optional(),
});

/** What an answer of the source means. */
export const actions = [
  "SUCCESS",
  "FAIL",
  "RETRY",
  "IGNORE",
  "RATE_LIMITED",
  "RESET_PAGINATION",
  "REFRESH_TOKEN_THEN_RETRY",
  "REDUCE_PAGE_SIZE",
] as const;

const errorHandler = z.strictObject({
  max_retries: z.int().min(0).max(100).default(8),
  backoff: z
    .strictObject({
      type: z.enum(["exponential", "constant"]).default("exponential"),
      initial: duration.prefault("500ms"),
      max: duration.prefault("60s"),
      jitter: z.enum(["full", "none"]).default("full"),
    })
    .prefault({}),
  wait_time_from_header: z
    .strictObject({ header: z.string(), max_wait: duration.prefault("5m") })
    .optional(),
  response_filters: z
    .array(
      z.strictObject({
        http_codes: z.array(z.int().min(100).max(599)).optional(),
        content_type_not: z.string().optional(),
        body_path: path.optional(),
        equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
        action: z.enum(actions),
      }),
    )
    .default([])
    .describe("The first that matches wins."),
});

/** The profile's account of the source itself: where it is, who we are, what it bears. */
export const sourceSchema = z.strictObject({
  name: z.string(),
  base_url: setting,
  timezone: z.string().default("UTC").describe("Of timestamps that carry no offset."),
  timeout: duration.prefault("30s"),
  big_ints: z.literal("string").default("string"),
  auth,
  rate_limit: rateLimit.prefault({}),
  error_handler: errorHandler.prefault({}),
});

/** The profile's account of the source itself; durations are milliseconds. */
export type SourceSettings = z.output<typeof sourceSchema>;
