import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Simulator, startSimulator } from "./simulator.ts";
import { available, factsOf, sourceOf, virtualEnvironment } from "./toolchain.ts";

const name = "simple-salesforce";
const there = available(name, "python3", "-c", "import venv, ensurepip");

/** The Python library from its registry, in a virtual environment of the cache; it speaks https only. */
describe.skipIf(!there)(`${name}, unmodified`, () => {
  let simulator: Simulator;
  let facts: Record<string, unknown>;
  beforeAll(async () => {
    const folder = await virtualEnvironment(name);
    simulator = await startSimulator();
    const env = { REQUESTS_CA_BUNDLE: simulator.ready.ca_file, PYTHONDONTWRITEBYTECODE: "1" };
    const session = join(sourceOf(name), "session.py");
    facts = await factsOf(join(folder, "bin/python"), [session, simulator.line], env);
  });
  afterAll(() => simulator?.close());

  test("signs in by SOAP, password, JWT and client credentials, and learns why it may not", () => {
    expect(facts).toMatchObject({
      signed_in: { soap: 1, password: 1, jwt: 1, client_credentials: 1 },
      refused: { soap: "INVALID_LOGIN", password: "invalid_grant", client: "invalid_client" },
    });
  });

  test("describes the org, reads limits, their use and who it is", () => {
    expect(facts).toMatchObject({
      describe: { batch: 200, has_case: true, case_prefix: "500", field_keys: 57 },
      metadata: "Account",
      identity: simulator.ready.user,
      sandbox: false,
    });
    expect(facts["usage_header"]).toBe(facts["daily"]);
  });

  test("creates a field by metadata that is hidden until it is granted", () => {
    expect(facts["created_field"]).toEqual({
      before: false,
      hidden: false,
      granted: true,
      read: ["Account.Py_Key__c", 40, true],
      duplicate: true,
      kinds: ["CustomObject", "PermissionSet"],
      listed: true,
    });
  });

  test("writes single rows by id and by a key with a slash, and meets each refusal as its own class", () => {
    const coded = (errorCode: string): object => expect.objectContaining({ errorCode });
    expect(facts).toMatchObject({
      row: {
        created: true,
        name: "Ünï & <Co>",
        updated: 204,
        upserted: 200,
        inserted: 201,
        read: "2",
        deleted: 204,
      },
      row_errors: {
        required: ["SalesforceMalformedRequest", [coded("REQUIRED_FIELD_MISSING")]],
        unknown: ["SalesforceMalformedRequest", [coded("INVALID_FIELD")]],
        gone: ["SalesforceResourceNotFound", [coded("ENTITY_IS_DELETED")]],
        query: ["SalesforceMalformedRequest", [coded("INVALID_FIELD")]],
      },
    });
  });

  test("loads in bulk, whole, in part and not at all, reads it back in pages and deletes it", () => {
    expect(facts).toMatchObject({
      bulk: {
        insert: [2_500, 0],
        partial: [2, 1],
        failed_row: true,
        good_row: true,
        upsert: [10, 0],
        whole: ["SalesforceOperationError", expect.stringContaining("Field name not found")],
      },
      bulk_query: [1_000, 1_000, 500],
      paged: 2_500,
      bulk_delete: 300,
    });
  });

  test("uploads a file and gets the same bytes back", () => {
    expect(facts["file"]).toEqual({ size: 10_240, same: true });
  });

  test("knows an expired session and signs in again by itself", () => {
    expect(facts).toMatchObject({ expired_class: true, signed_in_again: 1 });
  });
});
