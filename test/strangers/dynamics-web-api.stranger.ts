import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "./simulator.ts";
import { factsOf, installed, runIn, sourceOf } from "./toolchain.ts";

const name = "dynamics-web-api";
const pins = ["package.json", "package-lock.json"];

/** The library from its registry, in a folder of the cache. */
describe(`${name}, unmodified`, () => {
  let simulator: Simulator;
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    const source = sourceOf(name);
    const folder = await installed(name, pins, async (target) => {
      for (const pin of pins) copyFileSync(join(source, pin), join(target, pin));
      await runIn(target, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    });
    simulator = await startSimulator("dataverse");
    const env = { NODE_EXTRA_CA_CERTS: simulator.ready.ca_file };
    const session = join(source, "session.ts");
    facts = await factsOf(process.execPath, [session, simulator.line, folder], env);
  });
  afterAll(() => simulator?.close());

  test("signs in and learns who it is", () => {
    expect(facts["signed_in"]).toEqual({ wrong: "invalid_client", user: "string" });
  });

  test("writes rows one by one and meets each refusal by its code", () => {
    expect(facts["rows"]).toEqual({
      read: ["Ünï & <Co>", "1", "2"],
      upserted: "Up",
      gone: [404, "0x80040217"],
      unknown: [400, "0x80048d19"],
      stale: false,
    });
  });

  test("creates many at once, whole or not at all, and follows the pages back", () => {
    expect(facts["bulk"]).toEqual({
      made: 120,
      paged: 120,
      counted: 120,
      whole_or_none: [400, "0x80044331"],
      none_of_it: 0,
    });
  });

  test("creates a table, columns, a relationship and a choice, and changes a column", () => {
    expect(facts["metadata"]).toEqual({
      set: "new_parcels",
      longer: 60,
      choice: 1,
      twice: [400, "0x80047013"],
    });
  });

  test("upserts and reads by a key with a quote", () => {
    expect(facts["keyed"]).toEqual({
      read: "second",
      none: [404, "0x80060891"],
      update_only: [404, "0x80060891"],
    });
  });

  test("puts a batch into one change set, whole or nothing, unless it is told otherwise", () => {
    expect(facts["batches"]).toEqual({
      good: ["made", "made"],
      set: ["0x80044331"],
      alone: ["made", "0x80044331", "made"],
    });
    expect(facts["left"]).toEqual([2, 0, 2]);
  });

  test("attaches a file to a note and reads the same bytes", () => {
    expect(facts["notes"]).toEqual({ size: 10_240, same: true });
  });

  test("uploads a file in chunks and gets the same bytes back in chunks", () => {
    expect(facts["files"]).toEqual({ name: "plan.bin", size: 5_000_000, same: true });
  });
});
