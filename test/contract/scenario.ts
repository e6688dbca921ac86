import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { faults } from "./kinds/kind.ts";
import { lies } from "./lies.ts";

const folder = join(import.meta.dirname, "scenarios");

/** A text too long to be written down. */
const repeated = z.strictObject({ repeat: z.string(), times: z.int() });
const value = z.union([z.string(), z.number(), z.null(), repeated]);
const fields = z.record(z.string(), value);
const rows = z.record(z.string(), fields);
const keys = z.array(z.string());

const refused = z.strictObject({
  refused: z.enum(["refuse", "locked", "retry", "duplicate", "storage"]),
  /** The field the refusal names; absent: it may name none. */
  field: z.string().optional(),
  /** The row the refusal names. */
  names: z.string().optional(),
});
const became = z.union([z.enum(["created", "updated", "deleted", "gone", "unknown"]), refused]);
/** What must have become of each key; of several, any. */
const become = z.record(z.string(), z.union([became, z.array(became)]));

/** What must stand at the destination of each key: these fields, or no row at all. */
const stand = z.record(z.string(), z.union([fields, z.null()]));

const step = z.union([
  z.strictObject({ fault: z.enum(faults) }),
  z.strictObject({
    /** One call of the sink; a key that ends in `{1..9}` stands for as many rows. */
    send: z.strictObject({
      insert: rows.optional(),
      update: rows.optional(),
      delete: keys.optional(),
    }),
    /** An error that asks for the same call once more. */
    again_when: z.literal("SINK_THROTTLED").optional(),
    become,
  }),
  /** What the sink finds of keys whose fate is unknown. */
  z.strictObject({ ask: stand }),
  /** Somebody else deletes the row. */
  z.strictObject({ vanish: z.string() }),
  z.strictObject({ stand }),
  z.strictObject({
    /** Records for the loader; null deletes. */
    say: z.record(z.string(), z.union([fields, z.null()])),
    /** How each key's versions have ended so far, oldest first. */
    ended: z.record(z.string(), keys).optional(),
    /** Why each key is parked. */
    parked: z.record(z.string(), z.string()).optional(),
  }),
]);

const scenario = z.strictObject({
  promise: z.string(),
  steps: z.array(step),
  /** Sinks that lie so must fail the scenario. */
  lies: z.array(z.enum(Object.keys(lies) as [string])),
});

const hostileText = z.strictObject({
  of: z.string(),
  value: z.union([z.string(), repeated]),
  /** A destination may refuse it, with a code and the field; otherwise it must take it. */
  refusable: z.literal(true).optional(),
});

const hostile = z.strictObject({
  promise: z.string(),
  /** Written to columns of texts and long texts, as a source's id, and as the id its key is made of. */
  texts: z.array(hostileText),
  /** Values of columns that are no texts, by the job's column. */
  values: z.record(
    z.string(),
    z.array(hostileText.extend({ value: z.union([z.string(), z.int()]) })),
  ),
  lies: z.array(z.enum(Object.keys(lies) as [string])),
});

/** Steps in neutral words, and what must come of them. */
export type Scenario = z.infer<typeof scenario>;
/** One step. */
export type Step = z.infer<typeof step>;
/** Values that destroy what is careless. */
export type Hostile = z.infer<typeof hostile>;
/** Fields of a row by their neutral names. */
export type Fields = z.infer<typeof fields>;
/** What must have become of a key. */
export type Became = z.infer<typeof became>;

/** A value as it is written. */
export function written(of: z.infer<typeof value>): string | number | null {
  return typeof of === "object" && of !== null ? of.repeat.repeat(of.times) : of;
}

/** Every scenario by name, but the one of hostile values. */
export function scenarios(): readonly (readonly [string, Scenario])[] {
  const names = readdirSync(folder).filter((name) => name !== "hostile-text.yaml");
  return names.map((name) => [name.replace(".yaml", ""), scenario.parse(contentOf(name))] as const);
}

/** The hostile values. */
export function hostileValues(): Hostile {
  return hostile.parse(contentOf("hostile-text.yaml"));
}

function contentOf(name: string): unknown {
  return parse(readFileSync(join(folder, name), "utf8"));
}
