import { z } from "zod";
import { sourceEntities } from "../core/source-record.ts";
import { bytes, childPath, duration, path, share } from "./profile-fields.ts";
import { sourceSchema } from "./source-schema.ts";

const paginator = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("cursor"),
    cursor_path: path,
    cursor_param: z.string(),
    has_more_path: path.optional(),
  }),
  z.strictObject({
    type: z.literal("page_number"),
    page_param: z.string(),
    base_page: z.int().min(0).default(1),
    has_more_path: path.optional().describe("Without it an empty page is the end."),
  }),
]);

const incremental = z.strictObject({
  type: z.literal("token").describe("The feed's own token is the saved state."),
  start_param: z.string(),
  cursor_field: z.string(),
  datetime_format: z.enum(["iso8601", "epoch_s", "epoch_ms"]).default("iso8601"),
  cursor_granularity: duration.prefault("PT1S").describe("The smallest step the filter honours."),
  lookback_window: duration.describe("The bound on how late a change becomes visible."),
  settle: duration.prefault("PT2S").describe("The watermark stays this far behind the clock."),
});

const deletes = z.strictObject({
  type: z.enum(["feed", "none"]),
  field: z.string().optional(),
  deleted_when: z.union([z.boolean(), z.string(), z.number()]).optional(),
  time_field: z.string().optional(),
  merged_into: z.string().optional(),
  params: z.record(z.string(), z.string()).default({}),
  census: z
    .strictObject({
      path: z.string().describe("`{name}` stands for the stream's."),
      params: z.record(z.string(), z.string()).default({}),
      data_selector: path,
      paginator,
      page_size: z.int().min(1).default(1000),
      every: duration,
      confirm: z.int().min(1).max(10).default(2).describe("Censuses that must agree."),
      max_drop: share.default(0.05).describe("A census that misses more is not believed."),
    })
    .optional(),
});

const inner = z.union([
  childPath,
  z.strictObject({ money: childPath, currency: childPath.optional() }),
]);

const fieldOf = (place: typeof path) =>
  z.union(
    [
      place,
      z.strictObject({ each: place, fields: z.record(z.string(), inner) }),
      z.strictObject({ of: place, fields: z.record(z.string(), inner) }),
      z.strictObject({ money: place, currency: place.optional() }),
    ],
    { error: "is no path, {each, fields} (a list), {of, fields} (a part) or {money, currency}" },
  );

const field = fieldOf(path);

const download = z.strictObject({
  url: path.describe("Where a row's signed address stands."),
  expires: path.optional(),
  auth: z
    .enum(["none", "source"])
    .default("none")
    .describe(
      "source: an address is not signed, and the source's own files are fetched with its credentials.",
    ),
  refetch_on: z
    .array(z.int().min(400).max(499))
    .default([403, 410])
    .describe("The address has expired: the row is asked for again."),
  max_bytes: bytes.prefault("2GB"),
  hosts: z
    .array(z.string())
    .default([])
    .describe("Hosts of addresses, beside the source's own; no credentials go there."),
});

const child = z.strictObject({
  entity: z.enum(sourceEntities),
  each: path,
  parent_field: z.string(),
  cap: z
    .int()
    .min(1)
    .default(1000)
    .describe("A list this long may be cut off: absence proves nothing."),
  has_more_path: path.optional(),
  fields: z.record(z.string(), fieldOf(childPath)),
});

/** What a stream may say, or `defaults` for all of them. */
const streamSettings = {
  data_selector: path,
  primary_key: z.array(z.string()).length(1, "name one field"),
  page_size: z.int().min(1).max(100_000),
  page_size_param: z.string(),
  poll: z.strictObject({ fast: duration, full: duration }),
  paginator,
  incremental,
  by_id: z.string().describe("`{name}` stands for the stream's, `{id}` for the row's."),
  deletes,
  params: z.record(z.string(), z.string()),
  volatile: z.array(z.string()).describe("Canonical fields whose change alone is no change."),
};

/** The source profile as it stands in the file, before the defaults are put into the streams. */
export const profileSchema = z.strictObject({
  profile: z.literal(1),
  source: sourceSchema,
  defaults: z.strictObject(streamSettings).partial().default({}),
  streams: z
    .array(
      z.strictObject({
        name: z.string().regex(/^[a-z][a-z0-9_]*$/, "lower-case letters, digits and _"),
        entity: z.enum(sourceEntities),
        path: z.string().startsWith("/"),
        fields: z.record(z.string(), field),
        children: z.array(child).default([]),
        download: download.optional(),
        work: z
          .strictObject({ closed: z.array(z.string()).min(1) })
          .optional()
          .describe("Of customers: job status that means the work is over, letter by letter."),
        optional: z
          .boolean()
          .default(false)
          .describe("Not every tenant has it: 404 for the list means there are no rows."),
        ...z.strictObject(streamSettings).partial().shape,
      }),
    )
    .min(1),
});

/** How one canonical field is found in a row. */
export type FieldSpec = z.output<typeof field>;

/** Rows nested in a stream's rows. */
export type ChildProfile = z.output<typeof child>;

/** How the bytes behind a stream's rows are fetched. */
export type DownloadProfile = z.output<typeof download>;

/** How pages follow one another. */
export type PaginatorProfile = z.output<typeof paginator>;

/** How absent and deleted rows are recognised. */
export type DeletesProfile = z.output<typeof deletes>;

/** How the source is asked for what changed. */
export type IncrementalProfile = z.output<typeof incremental>;

/** Every key of the profile's language, for `did you mean`. */
export const knownKeys: readonly string[] = [...new Set(keysOf(profileSchema))];

function keysOf(schema: unknown): string[] {
  const { def } = schema as { def: Record<string, unknown> };
  const own = Object.entries((def["shape"] as Record<string, unknown> | undefined) ?? {});
  const inner = ["innerType", "element", "in", "out"].flatMap((name) => def[name] ?? []);
  const options = (def["options"] as unknown[] | undefined) ?? [];
  return [
    ...own.map(([key]) => key),
    ...own.flatMap(([, value]) => keysOf(value)),
    ...[...inner, ...options].flatMap(keysOf),
  ];
}
