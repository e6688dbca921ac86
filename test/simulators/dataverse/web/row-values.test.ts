import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Answer,
  type EnvironmentClient,
  openEnvironmentClient,
} from "../environment-client.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
});
afterAll(() => client.close());

const representation = { prefer: "return=representation" };
const errorOf = ({ status, json }: Answer): unknown[] => [status, json?.error?.code];
const bind = (set: string, id: string): string => `/${set}(${id})`;

test("lookups are bound by relative and absolute address, cleared by null, and case-sensitive", async () => {
  const contact = await client.create("contacts", { lastname: "C" });
  const account = await client.create("accounts", { name: "A" });
  for (const address of [
    bind("contacts", contact),
    `contacts(${contact})`,
    `${client.ready.https}/api/data/v9.1/contacts(${contact})`,
  ]) {
    const id = await client.create("accounts", {
      name: "B",
      "primarycontactid@odata.bind": address,
    });
    expect((await client.call("GET", `accounts(${id})`)).json._primarycontactid_value).toBe(
      contact,
    );
    await client.call("PATCH", `accounts(${id})`, { "primarycontactid@odata.bind": null });
    expect((await client.call("GET", `accounts(${id})`)).json._primarycontactid_value).toBeNull();
  }
  const child = await client.create("contacts", {
    lastname: "D",
    "parentcustomerid_account@odata.bind": bind("accounts", account),
  });
  const { json } = await client.call("GET", `contacts(${child})`, undefined, {
    prefer: 'odata.include-annotations="*"',
  });
  expect(json).toMatchObject({
    _parentcustomerid_value: account,
    "_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname": "account",
    "_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty":
      "parentcustomerid_account",
    "_parentcustomerid_value@OData.Community.Display.V1.FormattedValue": "A",
  });
});

test.each([
  [
    { "PrimaryContactId@odata.bind": "/contacts(00000000-0000-0000-0000-000000000001)" },
    400,
    "0x80048d19",
  ],
  [
    { "primarycontactid@odata.bind": "/accounts(00000000-0000-0000-0000-000000000001)" },
    400,
    "0x80048d19",
  ],
  [{ primarycontactid: "00000000-0000-0000-0000-000000000001" }, 400, "0x80048d19"],
  [{ _primarycontactid_value: "00000000-0000-0000-0000-000000000001" }, 400, "0x80048d19"],
  [
    { "primarycontactid@odata.bind": "/contacts(00000000-0000-0000-0000-000000000001)" },
    404,
    "0x80040217",
  ],
  [{ nobody: 1 }, 400, "0x80048d19"],
  [{ name: 5 }, 400, "0x80048d19"],
  [{ name: "x".repeat(161) }, 400, "0x80044331"],
  [{ name: "nul \u0000" }, 400, "0x80040278"],
  [{ revenue: "12.5" }, 400, "0x80048d19"],
  [{ numberofemployees: -1 }, 400, "0x8004432F"],
  [{ accountcategorycode: 99 }, 400, "0x8004431A"],
  [{ creditonhold: "yes" }, 400, "0x80048d19"],
  [{ lastusedincampaign: "2026-01-02T00:00:00Z" }, 400, "0x80048d19"],
  [{ lastusedincampaign: "2026-02-30" }, 400, "0x80048d19"],
  [{ overriddencreatedon: "2026-02-30T00:00:00Z" }, 400, "0x80048d19"],
  [{ overriddencreatedon: "1700-01-01T00:00:00Z" }, 400, "0x80040239"],
])("the payload %o is refused with its code", async (payload, status, code) => {
  expect(errorOf(await client.call("POST", "accounts", payload))).toEqual([status, code]);
});

test("hostile texts come back byte for byte, and an empty one is null", async () => {
  const texts = [
    'O\'Brien & "Söhne" <#/%>',
    "🚚 ‏עברית",
    "=cmd|' /C'!A0",
    "__proto__",
    "tab\tline\r\nend",
    "x".repeat(2_000),
  ];
  for (const description of texts) {
    const { json } = await client.call(
      "POST",
      "accounts",
      { name: "H", description },
      representation,
    );
    expect(json.description).toBe(description);
  }
  const { json } = await client.call(
    "POST",
    "accounts",
    { name: "H", description: "" },
    representation,
  );
  expect(json.description).toBeNull();
});

test("an overridden creation date is kept in createdon, in whole seconds, and only on create", async () => {
  const overriddencreatedon = "2019-05-04T03:02:01.987+02:00";
  const { json } = await client.call(
    "POST",
    "accounts",
    { name: "Old", overriddencreatedon },
    representation,
  );
  expect(json.createdon).toBe("2019-05-04T01:02:01Z");
  expect(json.overriddencreatedon > "2020").toBe(true);
  const later = await client.call(
    "PATCH",
    `accounts(${json.accountid})`,
    { overriddencreatedon: "2018-01-01T00:00:00Z" },
    representation,
  );
  expect(later.json.createdon).toBe("2019-05-04T01:02:01Z");
  const future = await client.call("POST", "accounts", {
    name: "F",
    overriddencreatedon: "2999-01-01T00:00:00Z",
  });
  expect(future.status).toBe(400);
});

test("one column is read, set and cleared by its address", async () => {
  const id = await client.create("accounts", { name: "A" });
  await client.call("PUT", `accounts(${id})/name`, { value: "B" });
  expect((await client.call("GET", `accounts(${id})/name`)).json.value).toBe("B");
  expect((await client.call("GET", `accounts(${id})/name/$value`)).text).toBe("B");
  await client.call("DELETE", `accounts(${id})/name`);
  expect((await client.call("GET", `accounts(${id})/name`)).status).toBe(204);
});

test("rows are associated and let go by $ref, from either side", async () => {
  const account = await client.create("accounts", { name: "A" });
  const contact = await client.create("contacts", { lastname: "C" });
  const reference = { "@odata.id": `${client.ready.http}/api/data/v9.2/contacts(${contact})` };
  const parentOf = async (): Promise<unknown> =>
    (await client.call("GET", `contacts(${contact})`)).json._parentcustomerid_value;
  await client.call("POST", `accounts(${account})/contact_customer_accounts/$ref`, reference);
  expect(await parentOf()).toBe(account);
  const members = await client.call(
    "GET",
    `accounts(${account})/contact_customer_accounts?$select=lastname`,
  );
  expect(members.json.value).toHaveLength(1);
  await client.call("DELETE", `accounts(${account})/contact_customer_accounts(${contact})/$ref`);
  expect(await parentOf()).toBeNull();
  await client.call("PUT", `accounts(${account})/primarycontactid/$ref`, reference);
  expect(
    (await client.call("GET", `accounts(${account})/primarycontactid?$select=lastname`)).json
      .lastname,
  ).toBe("C");
  await client.call("DELETE", `accounts(${account})/primarycontactid/$ref`);
  expect((await client.call("GET", `accounts(${account})/primarycontactid`)).status).toBe(204);
});
