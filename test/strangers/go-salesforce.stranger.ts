import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { addAccountKey, type Simulator, startSimulator } from "./simulator.ts";
import { available, factsOf, installed, runIn, sourceOf } from "./toolchain.ts";

const name = "go-salesforce";
const there = available(name, "go", "version");

/** The Go module through the module proxy, built into the cache. It makes no fields; it is given one. */
describe.skipIf(!there)(`${name}, unmodified`, () => {
  let simulator: Simulator;
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    const source = sourceOf(name);
    const folder = await installed(name, ["go.mod", "go.sum", "session.go"], (target) =>
      runIn(source, "go", "build", "-o", join(target, "session"), "."),
    );
    simulator = await startSimulator();
    await addAccountKey(simulator, "Go_Key__c");
    const env = { SSL_CERT_FILE: simulator.ready.ca_file };
    facts = await factsOf(join(folder, "session"), [simulator.line], env);
  });
  afterAll(() => simulator?.close());

  test("signs in by client credentials, password, JWT and a token it was given", () => {
    expect(facts).toMatchObject({
      signed_in: { client_credentials: 1, password: 1, jwt: 1, access_token: 5 },
      refused: "400 Bad Request: failed authentication",
    });
  });

  test("describes the org and reads its limits", () => {
    expect(facts).toMatchObject({
      describe: { objects: true, prefix: "500" },
      daily: expect.any(Number),
    });
  });

  test("writes rows one by one, in collections and in composites, and meets each refusal by its code", () => {
    expect(facts["rows"]).toEqual({
      upserted: true,
      all: 450,
      failed: false,
      mixed: [true, "DUPLICATE_VALUE", true],
      composite: [450, false],
      unknown: true,
      query: true,
    });
  });

  test("loads in bulk, whole, in part and not at all, exports it and reads it back in pages", () => {
    expect(facts["bulk"]).toEqual({
      jobs: 1,
      whole: [2_500, 0],
      partial: [1, true],
      failed: expect.stringContaining("InvalidBatch : Field name not found : Nope__c"),
      exported: 2_500,
      paged: 2_500,
    });
  });

  test("uploads a file and gets the same bytes back", () => {
    expect(facts["file"]).toEqual({ size: 10_240, same: true });
  });

  test("speaks gzip, and signs in again when its session was ended", () => {
    expect(facts["packed"]).toEqual([1, true, 1]);
  });
});
