import { z } from "zod";
import type { Sink } from "../../../sinks/sink.ts";
import type { DestinationKind } from "../../../pipeline/core/plan.ts";
import type { SchemaCreated, SchemaFinding } from "../../../sinks/schema-finding.ts";
import type { DestinationParts, SchemaParts, SinkParts } from "./destination.ts";
import { dynamics } from "./dynamics.ts";
import { salesforce } from "./salesforce.ts";

/** Every kind of destination by its name in `migration.yaml`. */
export const destinations = { salesforce, dynamics } as const satisfies Record<
  DestinationKind,
  unknown
>;

/** `destination:` of `migration.yaml`, of whatever kind. */
export const destinationBlock = z.discriminatedUnion("kind", [salesforce.block, dynamics.block]);

/** A destination as a migration names it: its kind's parts with its own block. */
export interface Destination {
  readonly publisherPrefix: string | undefined;
  openSink(parts: SinkParts): Promise<Sink>;
  canonical(): Promise<Sink["canonical"]>;
  schemaFindings(parts: SchemaParts): Promise<readonly SchemaFinding[]>;
  createSchema(parts: SchemaParts): Promise<SchemaCreated>;
  actAsAdmin(): Promise<void>;
}

/** The destination a block of `migration.yaml` describes. */
export function destinationOf(block: z.infer<typeof destinationBlock>): Destination {
  switch (block.kind) {
    case "salesforce":
      return bound(salesforce, block);
    case "dynamics":
      return bound(dynamics, block);
  }
}

function bound<Block extends z.ZodType>(
  parts: DestinationParts<Block>,
  block: z.infer<Block>,
): Destination {
  return {
    publisherPrefix: parts.publisherPrefix(block),
    openSink: (sink) => parts.openSink(block, sink),
    canonical: () => parts.canonical(),
    schemaFindings: (schema) => parts.schemaFindings(block, schema),
    actAsAdmin: () => parts.actAsAdmin(block),
    createSchema: (schema) => parts.createSchema(block, schema),
  };
}
