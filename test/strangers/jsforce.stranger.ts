import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "./simulator.ts";
import { factsOf, sourceOf } from "./toolchain.ts";

/** jsforce comes with the project; here it is used as anyone would, over https with the simulator's authority. */
describe("jsforce, unmodified", () => {
  let simulator: Simulator;
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    simulator = await startSimulator();
    const session = join(sourceOf("jsforce"), "session.ts");
    const env = { NODE_EXTRA_CA_CERTS: simulator.ready.ca_file };
    facts = await factsOf(process.execPath, [session, simulator.line], env);
  });
  afterAll(() => simulator.close());

  test("signs in by password, SOAP, client credentials and code, refreshes and logs out", () => {
    const { user } = simulator.ready;
    expect(facts).toMatchObject({
      signed_in: { byPassword: user, bySoap: user, byCredentials: user, byCode: user },
      refused: { password: "invalid_grant", soap: expect.stringMatching(/^INVALID_LOGIN/) },
      after_logout: 401,
      refreshed: 1,
    });
  });

  test("describes the org and reads its limits and their use", () => {
    expect(facts).toMatchObject({
      describe: { hasCase: true, prefix: "500", hasComments: true },
      daily: expect.any(Number),
      usage: true,
    });
  });

  test("creates a field by metadata that is hidden until a permission set it makes grants it", () => {
    expect(facts["created_field"]).toEqual({
      made: [[true, true]],
      again: ["DUPLICATE_DEVELOPER_NAME"],
      hidden: false,
      set: [[true, true]],
      granted: true,
      read: [["Account.Js_Key__c", 40, true]],
      listed: true,
    });
  });

  test("writes rows by REST and collections and meets each refusal by its code", () => {
    expect(facts["rows"]).toEqual({
      made: 150,
      mixed: ["ok", "REQUIRED_FIELD_MISSING"],
      name: "Row 0",
      gone: [true, true],
      unknown: "INVALID_FIELD",
      missing: "REQUIRED_FIELD_MISSING",
      query: "INVALID_FIELD",
    });
  });

  test("loads in bulk, whole, in part and not at all, and reads it back in pages", () => {
    expect(facts["bulk"]).toEqual({
      whole: [2_500, 0],
      partial: [1, [expect.stringMatching(/^DUPLICATE_VALUE:.* --$|^DUPLICATE_VALUE:.*:--$/)]],
      failed: expect.stringContaining("InvalidBatch : Field name not found : Nope__c"),
      query: 1_111,
      paged: 2_500,
    });
  });

  test("uploads a file and gets the same bytes back", () => {
    expect(facts["file"]).toEqual({ size: 10_240, same: true });
  });
});
