import type { z } from "zod";
import type { CompiledPlan } from "../../../pipeline/mapping/compile.ts";
import type { Log } from "../../../pipeline/stage/log.ts";
import type { Metrics } from "../../../pipeline/stage/metrics.ts";
import type { SchemaCreated, SchemaFinding } from "../../../sinks/schema-finding.ts";
import type { Sink } from "../../../sinks/sink.ts";
import type { Edition, RehearsedDestination } from "./rehearsed.ts";

/** What opening a sink needs beside the migration's own files. */
export interface SinkParts {
  /** The process it is opened in: files are remembered by the observer alone. */
  readonly process: string;
  readonly stateFolder: string;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** What looking at a schema needs: the plan, and where its mappings stand. */
export interface SchemaParts {
  readonly compiled: CompiledPlan;
  readonly mappingsFolder: string;
}

/**
 * Everything of one kind of destination that composing a migration asks for. A kind's sink is imported
 * where it is opened: no process carries the other kinds in its memory.
 */
export interface DestinationParts<Block extends z.ZodType> {
  /** `destination:` of `migration.yaml`. */
  readonly block: Block;
  /** Editions its settings tell apart; empty: there is one. */
  readonly editions: readonly Edition[];
  /** Signs in as the migration's own user. */
  openSink(block: z.infer<Block>, parts: SinkParts): Promise<Sink>;
  /** What names made for the migration begin with, where the kind has publishers. */
  publisherPrefix(block: z.infer<Block>): string | undefined;
  /** The comparable text of a value, see `Sink.canonical`; needs no connection. */
  canonical(): Promise<Sink["canonical"]>;
  /** What the destination lacks for a plan, as the migration's own user sees it. */
  schemaFindings(block: z.infer<Block>, parts: SchemaParts): Promise<readonly SchemaFinding[]>;
  /** Makes what the destination lacks, as far as its API can. */
  createSchema(block: z.infer<Block>, parts: SchemaParts): Promise<SchemaCreated>;
  /** What only an admin makes before anything else can be made; in a rehearsal nobody else is there to do it. */
  actAsAdmin(block: z.infer<Block>): Promise<void>;
  readonly rehearsed: RehearsedDestination;
}
