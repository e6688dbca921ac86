import { expect, onTestFinished } from "vitest";
import { checkSchema } from "../../../../sinks/dynamics/schema/check-schema.ts";
import type { SchemaPlan } from "../../../../sinks/dynamics/schema/expected.ts";
import type { CreateOptions } from "../../../../sinks/dynamics/schema/options.ts";
import { addPublisher } from "../../../simulators/dataverse-metadata/definitions.ts";
import { type Door, openDoor } from "./door.ts";

/** How the schema is made in an Enterprise environment. */
export const enterprise: CreateOptions = {
  edition: "enterprise",
  publisherPrefix: "qd",
  pollMs: 5,
};

/** A door to an environment as it is delivered, open until the test ends. */
export async function aDoor(options: Parameters<typeof openDoor>[0] = {}): Promise<Door> {
  const door = await openDoor(options);
  onTestFinished(() => door.close());
  return door;
}

/** An environment with our publisher. */
export async function anEnvironment(options: Parameters<typeof openDoor>[0] = {}): Promise<Door> {
  const door = await aDoor(options);
  await addPublisher(door.environment);
  return door;
}

/** Findings as `problem object.field`. */
export async function problems({ client }: Door, plan: SchemaPlan, options = enterprise) {
  const findings = await checkSchema(client, plan, options);
  expect(findings.every(({ remedy, expected }) => remedy !== "" && expected !== "")).toBe(true);
  return findings.map(({ problem, object, field }) => `${problem} ${object}.${field ?? ""}`);
}
