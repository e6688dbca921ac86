import { z } from "zod";
import type { Sink } from "../../../sinks/sink.ts";
import type {
  DestinationParts,
  SchemaCreated,
  SchemaFinding,
  SchemaParts,
  SinkParts,
} from "./destination.ts";
import { salesforce } from "./salesforce.ts";

/** Every kind of destination by its name in `migration.yaml`. */
export const destinations = { salesforce } as const;

/** One kind's name. */
export type DestinationKind = keyof typeof destinations;

/** `destination:` of `migration.yaml`, of whatever kind. */
export const destinationBlock = z.discriminatedUnion("kind", [salesforce.block]);

/** A destination as a migration names it: its kind's parts with its own block. */
export interface Destination {
  openSink(parts: SinkParts): Promise<Sink>;
  canonical(): Promise<Sink["canonical"]>;
  schemaFindings(parts: SchemaParts): Promise<readonly SchemaFinding[]>;
  createSchema(parts: SchemaParts): Promise<SchemaCreated>;
}

/** The destination a block of `migration.yaml` describes. */
export function destinationOf(block: z.infer<typeof destinationBlock>): Destination {
  switch (block.kind) {
    case "salesforce":
      return bound(salesforce, block);
  }
}

function bound<Block extends z.ZodType>(
  parts: DestinationParts<Block>,
  block: z.infer<Block>,
): Destination {
  return {
    openSink: (sink) => parts.openSink(block, sink),
    canonical: () => parts.canonical(),
    schemaFindings: (schema) => parts.schemaFindings(block, schema),
    createSchema: (schema) => parts.createSchema(block, schema),
  };
}
