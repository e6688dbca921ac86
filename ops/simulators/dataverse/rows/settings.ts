import { z } from "zod";
import type { Database } from "./database.ts";

/** Everything about the environment that the admin port may switch. */
export const settingsSchema = z.strictObject({
  /** Key values with characters a real service cannot address are refused. */
  strictKeys: z.boolean().default(false),
  /** Whether PATCH may set an opportunity's state. */
  opportunityStatePatch: z.enum(["reject", "allow"]).default("reject"),
  /** Whether closed opportunities, paid invoices and completed activities refuse other updates. */
  closedReadOnly: z.boolean().default(true),
  /** Read-only columns in a payload are ignored; off: they are refused. */
  ignoreReadOnly: z.boolean().default(true),
  /** `professional` refuses the sixteenth custom table: an invention of the simulator, the real API does not enforce it. */
  tier: z.enum(["enterprise", "professional"]).default("enterprise"),
  /** How long a new alternate key stays Pending and then InProgress. */
  keyPendingMs: z.int().min(0).default(0),
  keyInProgressMs: z.int().min(0).default(0),
  /** How long a metadata write or a publish holds the customization lock. */
  customizationMs: z.int().min(0).default(0),
  publishMs: z.int().min(0).default(0),
  /** Seconds a token lives. */
  tokenSeconds: z.int().min(1).default(3_599),
  /** Whether the body of a 401 is empty. */
  emptyUnauthorized: z.boolean().default(true),
  /** Largest file of a note in bytes (organization.maxuploadfilesize). */
  maxUploadBytes: z.int().min(0).default(5_242_880),
  /** Duplicate detection rules that are on: columns of a table that are compared when detection is asked for. */
  duplicateRules: z
    .array(z.strictObject({ table: z.string(), columns: z.array(z.string()).min(1) }))
    .default([]),
  /** Privileges no role of our application users has, such as prvBypassCustomPlugins. */
  missingPrivileges: z.array(z.string()).default([]),
  limits: z
    .strictObject({
      enforced: z.boolean().default(true),
      windowSeconds: z.int().min(1).default(300),
      requests: z.int().min(1).default(6_000),
      executionMs: z.int().min(1).default(1_200_000),
      concurrent: z.int().min(1).default(52),
      /** Web servers behind the address; the affinity cookie names one. */
      servers: z.int().min(1).default(1),
      dopHint: z.int().min(1).default(4),
      /** Power Platform requests a day; counted, never enforced. */
      entitlement: z.int().min(0).default(500_000),
    })
    .prefault({}),
  /** The execution-time model: a request costs `requestMs`, each row of a bulk message `rowMs`, each single write and operation of a batch `singleMs`; `real` makes the caller wait for it. */
  execution: z
    .strictObject({
      requestMs: z.number().min(0).default(30),
      rowMs: z.number().min(0).default(5),
      singleMs: z.number().min(0).default(20),
      real: z.boolean().default(false),
    })
    .prefault({}),
});

/** The environment's settings as they stand. */
export type Settings = z.infer<typeof settingsSchema>;

/** How strict and slow the simulator is: limits on, limits on with requests that take as long as the model says, or off. */
export type LimitsModel = keyof typeof limitsModels;

const limitsModels = {
  standard: { limits: { enforced: true }, execution: { real: false } },
  published: { limits: { enforced: true }, execution: { real: true } },
  off: { limits: { enforced: false }, execution: { real: false } },
} as const;

const limitsModelName = z.enum(["standard", "published", "off"]);

/** What `POST /__simulator/settings` takes: any part of the settings, and `model` for limits and times by name; the store checks it. */
export const settingsPatch = z.record(z.string(), z.unknown());

/** Settings kept in the environment's database. */
export interface SettingStore {
  current(): Settings;
  /** Merges a part into the settings; throws a zod error on a wrong value. */
  change(patch: z.infer<typeof settingsPatch>): Settings;
  /** A text made once and kept, such as a secret. */
  keep(name: string, make: () => string): string;
  put(name: string, value: string): void;
  read(name: string): string | undefined;
}

/** Opens the settings kept in a database. */
export function settingStore(database: Database): SettingStore {
  const select = database.sql.prepare("SELECT value FROM setting WHERE name = ?");
  const replace = database.sql.prepare(
    "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
  );
  const read = (name: string): string | undefined =>
    (select.get(name) as { value: string } | undefined)?.value;
  const put = (name: string, value: string): void => void replace.run(name, value);
  let current = settingsSchema.parse(JSON.parse(read("settings") ?? "{}"));
  return {
    current: () => current,
    change({ model, ...patch }) {
      const named = model === undefined ? undefined : limitsModels[limitsModelName.parse(model)];
      const limits = { ...current.limits, ...named?.limits, ...asPart(patch["limits"]) };
      const execution = {
        ...current.execution,
        ...named?.execution,
        ...asPart(patch["execution"]),
      };
      current = settingsSchema.parse({ ...current, ...patch, limits, execution });
      put("settings", JSON.stringify(current));
      return current;
    },
    keep(name, make) {
      const known = read(name);
      if (known !== undefined) return known;
      const made = make();
      put(name, made);
      return made;
    },
    put,
    read,
  };
}

function asPart(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
