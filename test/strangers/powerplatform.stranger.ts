import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "./simulator.ts";
import { available, factsOf, sourceOf, virtualEnvironment } from "./toolchain.ts";

const name = "powerplatform";
const there = available(name, "python3", "-c", "import venv, ensurepip");

/** Microsoft's PowerPlatform-Dataverse-Client from its registry, with azure-identity for the tokens; it speaks https only. */
describe.skipIf(!there)("PowerPlatform-Dataverse-Client, unmodified", () => {
  let simulator: Simulator;
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    const folder = await virtualEnvironment(name);
    simulator = await startSimulator("dataverse");
    const env = { REQUESTS_CA_BUNDLE: simulator.ready.ca_file, PYTHONDONTWRITEBYTECODE: "1" };
    const session = join(sourceOf(name), "session.py");
    facts = await factsOf(join(folder, "bin/python"), [session, simulator.line], env);
  });
  afterAll(() => simulator?.close());

  test("signs in through azure-identity, learns who it is, and why it may not", () => {
    const who = ["BusinessUnitId", "OrganizationId", "UserId"];
    expect(facts["signed_in"]).toEqual({ who, refused: true });
  });

  test("writes rows one by one and many at once, whole or not at all, and meets each refusal by its code", () => {
    expect(facts["rows"]).toEqual({
      read: ["Ünï & <Co>", "1"],
      many: 120,
      gone: null,
      unknown: [400, "0x80048d19"],
      long: [400, "0x80044331"],
      whole_or_none: [400, "0x80044331"],
      none_of_it: 0,
    });
  });

  test("reads in pages, in order and to a limit", () => {
    expect(facts["queries"]).toEqual({
      pages: [50, 50, 20],
      top: ["L19", "L18"],
      wrong: [400, "0x0"],
    });
  });

  test("creates tables, columns, choices and lookups, and changes a column by its whole definition", () => {
    expect(facts["tables"]).toEqual({
      set: "new_projects",
      listed: true,
      column: 40,
      types: {
        new_name: "String",
        new_code: "String",
        new_size: "Picklist",
        new_due: "DateTime",
        new_cost: "Decimal",
        new_open: "Boolean",
      },
      twice: [400, "0x80047013"],
      foreign: [400, "0x80044366"],
    });
  });

  test("upserts by a key once it is active, with a slash, an accent and quotes in its value", () => {
    expect(facts["keys"]).toEqual({
      status: "Active",
      slash: [2],
      upserted: 40,
      linked: 1,
      duplicate: [412, "0x80060892"],
    });
  });

  test("sends batches; a change set that fails leaves nothing, what stands beside it remains", () => {
    expect(facts["batches"]).toEqual({
      good: [204, 204, 204],
      bad: [
        [204, null],
        [400, "0x80044331"],
        [204, null],
      ],
      found: [
        ["B1", null],
        ["B2", "2"],
        ["C1", null],
        ["C3", null],
      ],
    });
  });

  test("attaches a file to a note, reads the same bytes, and finds it gone with its account", () => {
    expect(facts["notes"]).toEqual({
      size: 10_240,
      same: true,
      gone_with_account: null,
      blocked: [400, "0x80043e09"],
    });
  });

  test("uploads a file into a column it makes itself, at once and in chunks, and gets the same bytes back", () => {
    const same = [true, "plan.bin"];
    expect(facts["files"]).toEqual({ small: same, chunk: same });
  });
});
