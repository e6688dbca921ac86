import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "./simulator.ts";
import { available, factsOf, sourceOf, virtualEnvironment } from "./toolchain.ts";

const name = "dataverse-api";
const there = available(name, "python3", "-c", "import venv, ensurepip");

/** The Python library from its registry, over plain http; its batches end their lines with LF. */
describe.skipIf(!there)(`${name}, unmodified`, () => {
  let simulator: Simulator;
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    const folder = await virtualEnvironment(name);
    simulator = await startSimulator("dataverse");
    const session = join(sourceOf(name), "session.py");
    const env = { PYTHONDONTWRITEBYTECODE: "1" };
    facts = await factsOf(join(folder, "bin/python"), [session, simulator.line], env);
  });
  afterAll(() => simulator?.close());

  test("signs in, learns who it is and which languages there are", () => {
    expect(facts["signed_in"]).toEqual({
      who: ["@odata.context", "BusinessUnitId", "OrganizationId", "UserId"],
      refused: "invalid_client",
      languages: [1_033],
    });
  });

  test("makes a publisher, tables, a column and a relationship, and reads what it needs of them", () => {
    expect(facts["metadata"]).toEqual({
      set: "pd_sites",
      id: "pd_siteid",
      read: ["pd_Site", true],
      visits: true,
      multiple: true,
      twice: [400, "0x8004700b"],
    });
    expect(facts["key"]).toEqual({ pd_code_key: ["pd_code"] });
  });

  test("writes rows singly, by CreateMultiple and in batches, with part and whole failures", () => {
    expect(facts["rows"]).toEqual({
      individual: [204, 400, 412],
      multiple: [200],
      whole_or_none: [400],
      batch: [200],
      upsert: [204],
      upsert_batch: [200],
    });
  });

  test("reads in pages and by a key with a quote, and deletes in batches", () => {
    expect(facts["reads"]).toEqual({
      pages: [250, 250, 100],
      quoted: [2],
      none_of_it: 0,
      wrong: [400, "0x0"],
    });
    expect(facts["deleted"]).toEqual({ batch: [200], left: 0 });
  });

  test("attaches a file to a note, and knows that notes take no bulk message", () => {
    expect(facts["notes"]).toEqual({ size: 5, multiple: true });
  });
});
