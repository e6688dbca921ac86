import { z } from "zod";
import { adminRule } from "../dml/admin-rules.ts";
import { duplicateRule } from "../dml/duplicate-rules.ts";
import type { Database } from "./database.ts";
import {
  type LimitsModel,
  limitsModelName,
  limitsModels,
  processingSchema,
} from "./processing-models.ts";

/** Everything about the org that the admin port may switch. */
export const settingsSchema = z.strictObject({
  /** The org switch and our user's permission to set audit fields on insert. */
  auditFields: z.boolean().default(true),
  /** Whether an inactive user may be made an owner. */
  inactiveOwners: z.boolean().default(false),
  /** "Contacts to Multiple Accounts": a contact's account is also a relation row, and may have others beside it. */
  contactsToMultipleAccounts: z.boolean().default(true),
  /** Extensions of files that the org refuses. */
  blockedExtensions: z.array(z.string()).default([]),
  /** Validation rules, triggers and flows of the org. */
  rules: z.array(adminRule).default([]),
  /** Duplicate rules that are active. */
  duplicateRules: z.array(duplicateRule).default([]),
  /** Events may last longer than a day. */
  multidayEvents: z.boolean().default(true),
  /** Rows of parallel batches that share a parent refuse each other. */
  lockContention: z.boolean().default(false),
  /** How likely a row loses to another batch that holds its parent. */
  lockProbability: z.number().min(0).max(1).default(1),
  /** How long a grant of a permission set takes to spread before anyone has it. */
  grantDelayMs: z.int().min(0).default(0),
  /** Users need not approve the connected app themselves before a JWT signs them in. */
  preauthorized: z.boolean().default(true),
  /** Idle time after which a session ends. */
  sessionSeconds: z.int().min(1).default(7_200),
  /** Most rows of one query page; real servers return fewer for wide rows. */
  queryPageRows: z.int().min(1).default(2_000),
  /** Most rows of one bulk result page. */
  resultPageRows: z.int().min(1).default(50_000),
  /** Seed of the order in which bulk results come back. */
  shuffleSeed: z.int().default(1),
  limits: z
    .strictObject({
      enforced: z.boolean().default(true),
      DailyApiRequests: z.int().min(0).optional(),
      DailyBulkApiBatches: z.int().min(0).default(15_000),
      DailyBulkV2QueryJobs: z.int().min(0).default(10_000),
      DailyBulkV2QueryFileStorageMB: z.int().min(0).default(976_562),
      /** Users that may be active; without it nobody counts them. */
      UserLicenses: z.int().min(0).optional(),
      /** New versions of files a day; 2,500 in trial orgs. */
      DailyContentVersions: z.int().min(0).default(200_000),
      DataStorageMB: z.int().min(0).default(10_240),
      FileStorageMB: z.int().min(0).default(10_240),
    })
    .prefault({}),
  processing: processingSchema.prefault({}),
});

/** The org's settings as they stand. */
export type Settings = z.infer<typeof settingsSchema>;

/**
 * What `POST /__simulator/settings` takes: any part of the settings, and `model` for all times and
 * quotas by name; the store checks it.
 */
export const settingsPatch = z.record(z.string(), z.unknown());

/** Settings kept in the org's database. */
export interface SettingStore {
  current(): Settings;
  /** Merges a part into the settings; throws a zod error on a wrong value. */
  change(patch: z.infer<typeof settingsPatch>): Settings;
  /** A text made once and kept, such as a secret. */
  keep(name: string, make: () => string): string;
  put(name: string, value: string): void;
  read(name: string): string | undefined;
}

/** Opens the settings of an org. */
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
      const named = model === undefined ? {} : settingsOf(limitsModelName.parse(model));
      const limits = { ...current.limits, ...named.limits, ...asPart(patch["limits"]) };
      const processing = {
        ...current.processing,
        ...named.processing,
        ...asPart(patch["processing"]),
      };
      current = settingsSchema.parse({ ...current, ...patch, limits, processing });
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

function settingsOf(model: LimitsModel): { limits?: object; processing?: object } {
  const { enforced, processing } = limitsModels[model];
  return { limits: { enforced }, processing };
}

function asPart(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
