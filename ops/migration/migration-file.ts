import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { KafkaConnection } from "../../pipeline/kafka/connection.ts";
import { settingsSchema } from "../../pipeline/mapping/settings.ts";
import { destinationBlock } from "./destinations/index.ts";

/** `migration.yaml`: everything of a migration that is neither its source profile nor its mappings. */
export const migrationSchema = z.strictObject({
  migration: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{0,40}$/,
      "lower-case letters, digits and dashes, beginning with a letter",
    )
    .describe("Prefix of every topic, group and transactional id."),
  source: z.strictObject({ profile: z.string().default("source-profile.yaml") }),
  destination: destinationBlock,
  kafka: z.strictObject({
    brokers: z.string(),
    registry: z.url(),
    partitions: z.number().int().min(1).max(100).default(3),
    security: z.record(z.string(), z.string()).optional(),
  }),
  clickhouse: z.strictObject({
    url: z.url().optional().describe("A ClickHouse server; without it an embedded engine is used."),
    path: z.string().default("clickhouse"),
  }),
  state_folder: z.string().default("state").describe("Caches, blobs, logs; relative to this file."),
  settings: settingsSchema.extend({
    fallback_owner_email: z.email().nullable().default(null),
  }),
  loader: z
    .strictObject({
      bulk_threshold: z.number().int().min(1).max(10_000).default(2000),
      flush_ms: z
        .number()
        .int()
        .min(50)
        .max(60_000)
        .default(1000)
        .describe(
          "How long few rows wait for company; the call budget stretches it where a day would not fit.",
        ),
      lanes: z.number().int().min(1).max(20).default(5),
      refusal_share: z.number().min(0).max(1).default(0.01),
      refusal_count: z.number().int().min(1).default(100),
      max_attempts: z.number().int().min(1).max(50).default(8),
      call_share: z.number().min(0.01).max(1).default(0.8),
    })
    .prefault({}),
  observer: z
    .strictObject({
      interval_ms: z
        .number()
        .int()
        .min(200)
        .max(3_600_000)
        .default(30_000)
        .describe(
          "How often changes are read back; each time costs a call an object and one more.",
        ),
    })
    .prefault({}),
});

/** A migration folder as read: its file, checked, with where everything of it stands. */
export interface Migration {
  readonly folder: string;
  readonly name: string;
  readonly file: z.infer<typeof migrationSchema>;
  readonly stateFolder: string;
  readonly profilePath: string;
  readonly mappingsFolder: string;
}

/** Reads and checks a migration folder; CONFIG_INVALID names every fault at once. */
export function readMigration(folder: string): Migration {
  const path = join(folder, "migration.yaml");
  if (!existsSync(path)) {
    throw new CutoverError(
      "CONFIG_INVALID",
      `${path} does not exist: name a migration folder with --migration, or run \`cutover rehearse\`.`,
    );
  }
  const parsed = migrationSchema.safeParse(parse(readFileSync(path, "utf8")));
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      (issue) => `  ${issue.path.join(".") || "(file)"}: ${issue.message}`,
    );
    throw new CutoverError("CONFIG_INVALID", `${path} is not valid:\n${faults.join("\n")}`);
  }
  const root = resolve(folder);
  return {
    folder: root,
    name: parsed.data.migration,
    file: parsed.data,
    stateFolder: resolve(root, parsed.data.state_folder),
    profilePath: resolve(root, parsed.data.source.profile),
    mappingsFolder: join(root, "mappings"),
  };
}

/** How a process of this migration reaches Kafka. */
export function connectionOf(migration: Migration, process: string): KafkaConnection {
  const { brokers, registry, security } = migration.file.kafka;
  return {
    brokers,
    registry,
    blobFolder: join(migration.stateFolder, "blobs"),
    clientId: `${migration.name}.${process}`,
    ...(security === undefined ? {} : { security }),
  };
}
