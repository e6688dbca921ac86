import { afterAll, beforeAll, expect, test } from "vitest";
import { type OrgClient, openOrgClient } from "../org-client.ts";

let org: OrgClient;
beforeAll(async () => {
  org = await openOrgClient();
});
afterAll(() => org.close());

const account = (fields: object): object => ({ attributes: { type: "Account" }, ...fields });

test("a row is created with 201 and Location, changed with 204, read with the fields asked for", async () => {
  const made = await org.rest("POST", "/sobjects/Account", { Name: "A", Phone: "1" });
  expect(made.json).toEqual({ id: expect.any(String), success: true, errors: [] });
  const path = `/sobjects/Account/${made.json.id}`;
  expect(made.headers.get("location")).toBe(`/services/data/v59.0${path}`);
  const changed = await org.rest("PATCH", path, { Phone: null });
  expect([changed.status, changed.text]).toEqual([204, ""]);
  const read = await org.rest("GET", `${path}?fields=phone,Name`);
  expect(read.json).toMatchObject({ Name: "A", Phone: null });
  expect(read.json).not.toHaveProperty("Id");
  expect((await org.rest("GET", "/sobjects/Account/0015g0000000zzzAAA")).status).toBe(404);
});

test("an upsert by external id creates with 201 and updates with 200, or 204 before version 46", async () => {
  const path = "/sobjects/Account/Source_Key__c/a%2Fb";
  const first = await org.rest("PATCH", path, { Name: "A" });
  expect([first.status, first.json.created]).toEqual([201, true]);
  const second = await org.rest("PATCH", path, { Name: "B" });
  expect([second.status, second.json]).toEqual([
    200,
    { id: first.json.id, success: true, errors: [], created: false },
  ]);
  const old = await org.call("PATCH", `/services/data/v45.0${path}`, { Name: "C" });
  expect(old.status).toBe(204);
  expect((await org.rest("GET", path)).json).toMatchObject({ Name: "C", Source_Key__c: "a/b" });
  const noKey = await org.rest("PATCH", "/sobjects/Account/Phone/1", { Name: "A" });
  expect([noKey.status, noKey.json[0].errorCode]).toEqual([404, "NOT_FOUND"]);
});

test("an upsert that hits several rows writes none and answers 300 with their addresses", async () => {
  const contact = { LastName: "Twin", Email: "twin@q.example" };
  await org.rest("POST", "/sobjects/Contact", contact);
  await org.rest("POST", "/sobjects/Contact", contact);
  const reply = await org.rest("PATCH", "/sobjects/Contact/Email/twin@q.example", {
    LastName: "X",
  });
  expect(reply.status).toBe(300);
  expect(reply.json).toHaveLength(2);
});

test("a collection answers 200 row by row in the order sent, with statusCode and fields", async () => {
  const { status, json } = await org.rest("POST", "/composite/sobjects", {
    allOrNone: false,
    records: [
      account({ Name: "One", Source_Key__c: "one" }),
      account({}),
      account({ Name: "Two" }),
    ],
  });
  expect(status).toBe(200);
  expect(json).toEqual([
    { id: expect.any(String), success: true, errors: [] },
    {
      success: false,
      errors: [
        {
          statusCode: "REQUIRED_FIELD_MISSING",
          message: "Required fields are missing: [Name]",
          fields: ["Name"],
        },
      ],
    },
    { id: expect.any(String), success: true, errors: [] },
  ]);
});

test("allOrNone undoes the good rows with the bad one", async () => {
  const { json } = await org.rest("POST", "/composite/sobjects", {
    allOrNone: true,
    records: [account({ Name: "Undone", Source_Key__c: "undone" }), account({})],
  });
  const codes = json.map((one: { errors: { statusCode: string }[] }) => one.errors[0]?.statusCode);
  expect(codes).toEqual(["ALL_OR_NONE_OPERATION_ROLLED_BACK", "REQUIRED_FIELD_MISSING"]);
  const { json: found } = await org.query("SELECT Id FROM Account WHERE Source_Key__c = 'undone'");
  expect(found.totalSize).toBe(0);
});

test("a collection upsert says what it created, takes a key once, and no more than 200 rows", async () => {
  const path = "/composite/sobjects/Account/Source_Key__c";
  const records = [
    account({ Name: "One again", Source_Key__c: "ONE" }),
    account({ Name: "Three", Source_Key__c: "three" }),
    account({ Name: "Three", Source_Key__c: "Three" }),
  ];
  const { json } = await org.rest("PATCH", path, { records });
  expect(json).toMatchObject([
    { success: true, created: false },
    { success: true, created: true },
    {
      success: false,
      errors: [
        { statusCode: "DUPLICATE_VALUE", message: "Duplicate external id specified: Three" },
      ],
    },
  ]);
  const many = Array.from({ length: 201 }, () => account({ Name: "x" }));
  const over = await org.rest("POST", "/composite/sobjects", { records: many });
  expect([over.status, over.json[0].errorCode]).toEqual([400, "EXCEEDED_ID_LIMIT"]);
});

test("collections update and delete by id and read with null for what is missing", async () => {
  const { json } = await org.rest("POST", "/composite/sobjects", {
    records: [account({ Name: "P" }), account({ Name: "Q" })],
  });
  const [p, q] = json.map((one: { id: string }) => one.id);
  const changes = [account({ id: p, Phone: "7" }), account({ Id: q, Name: "" })];
  const updated = await org.rest("PATCH", "/composite/sobjects", { records: changes });
  expect(updated.json).toMatchObject([{ success: true }, { success: false }]);
  const gone = await org.rest("DELETE", `/composite/sobjects?ids=${q},${q}`);
  expect(gone.json).toMatchObject([
    { success: true },
    { success: false, errors: [{ statusCode: "ENTITY_IS_DELETED" }] },
  ]);
  const read = await org.rest("POST", "/composite/sobjects/Account", {
    ids: [q, p],
    fields: ["Id", "Phone"],
  });
  expect(read.json).toMatchObject([null, { Id: p, Phone: "7" }]);
});

test("a composite call runs its parts in order, hands on ids, and counts as one call", async () => {
  const version = "/services/data/v59.0";
  const used = async (): Promise<number> => {
    const { json } = await org.rest("GET", "/limits");
    return json.DailyApiRequests.Max - json.DailyApiRequests.Remaining;
  };
  const before = await used();
  const { json } = await org.rest("POST", "/composite", {
    compositeRequest: [
      {
        method: "POST",
        url: `${version}/composite/sobjects`,
        referenceId: "rows",
        body: { records: [account({ Name: "R", Source_Key__c: "r" }), account({})] },
      },
      {
        method: "POST",
        url: `${version}/sobjects/Case`,
        referenceId: "job",
        body: { AccountId: "@{rows[0].id}" },
      },
      {
        method: "GET",
        url: `${version}/query?q=SELECT+Id,AccountId+FROM+Case+WHERE+Id='@{job.id}'`,
        referenceId: "found",
      },
      { method: "GET", url: `${version}/sobjects/Case/@{nobody.id}`, referenceId: "lost" },
    ],
  });
  expect(await used()).toBe(before + 2);
  const [rows, job, found, lost] = json.compositeResponse;
  expect(rows.body).toMatchObject([{ success: true }, { success: false }]);
  expect(job).toMatchObject({ httpStatusCode: 201, referenceId: "job" });
  expect(job.httpHeaders.Location).toContain(`/sobjects/Case/${job.body.id}`);
  expect(found.body.records[0].AccountId).toBe(rows.body[0].id);
  expect(lost).toMatchObject({ httpStatusCode: 400, body: [{ errorCode: "PROCESSING_HALTED" }] });
});

test("an all-or-none composite leaves nothing when one part fails", async () => {
  const url = "/services/data/v59.0/sobjects/Account";
  const { json } = await org.rest("POST", "/composite", {
    allOrNone: true,
    compositeRequest: [
      { method: "POST", url, referenceId: "a", body: { Name: "Half", Source_Key__c: "half" } },
      { method: "POST", url, referenceId: "b", body: {} },
    ],
  });
  const codes = json.compositeResponse.map(
    (one: { body: { errorCode: string }[] }) => one.body[0]?.errorCode,
  );
  expect(codes).toEqual(["PROCESSING_HALTED", "REQUIRED_FIELD_MISSING"]);
  expect(
    (await org.query("SELECT Id FROM Account WHERE Source_Key__c = 'half'")).json.totalSize,
  ).toBe(0);
});

test("a reply cut after the commit leaves the rows in place", async () => {
  await org.admin("POST", "faults", {
    rules: [
      {
        match: { method: "POST", path: "/composite/sobjects", count: 1 },
        action: { kind: "drop_after" },
      },
    ],
  });
  const records = [account({ Name: "Kept", Source_Key__c: "kept" })];
  await expect(org.rest("POST", "/composite/sobjects", { records })).rejects.toThrow();
  expect(
    (await org.query("SELECT Id FROM Account WHERE Source_Key__c = 'kept'")).json.totalSize,
  ).toBe(1);
});
