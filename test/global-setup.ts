import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { stackDown, stackUp } from "../ops/stack/stack.ts";

declare module "vitest" {
  interface ProvidedContext {
    brokers: string;
    registry: string;
  }
}

/**
 * Brings up a stack of the tests' own, or takes the one CUTOVER_TEST_BROKERS and
 * CUTOVER_TEST_REGISTRY name.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | void> {
  const brokers = process.env["CUTOVER_TEST_BROKERS"];
  const registry = process.env["CUTOVER_TEST_REGISTRY"];
  if (brokers !== undefined && registry !== undefined) {
    project.provide("brokers", brokers);
    project.provide("registry", registry);
    return;
  }
  const options = {
    folder: join(import.meta.dirname, "../.cutover/test-stack"),
    kafkaPort: 19192,
    controllerPort: 19193,
    registryPort: 18181,
    ownedBy: process.pid,
  };
  const addresses = await stackUp(options);
  project.provide("brokers", addresses.brokers);
  project.provide("registry", addresses.registry);
  return () => stackDown(options);
}
