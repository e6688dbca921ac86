import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../environment-client.ts";

let client: EnvironmentClient;
const names = ["Café Böse", "cafe bose 2", "Delta", "delta", "Echo's", "Foxtrot/1"];

beforeAll(async () => {
  client = await openEnvironmentClient();
  const parent = await client.create("accounts", { name: "Parent", address1_city: "Paris" });
  for (const [at, name] of names.entries()) {
    await client.create("accounts", {
      name,
      numberofemployees: at,
      revenue: at + 0.1,
      creditonhold: at % 2 === 0,
      overriddencreatedon: `2020-01-0${at + 1}T12:00:00Z`,
      ...(at < 2 ? { "parentaccountid@odata.bind": `/accounts(${parent})` } : {}),
      contact_customer_accounts: [{ lastname: `Of ${at}`, emailaddress1: `${at}@x.example` }],
    });
  }
});
afterAll(() => client.close());

const found = async (filter: string): Promise<string[]> => {
  const query = `accounts?$select=name&$orderby=numberofemployees&$filter=${encodeURIComponent(filter)}`;
  const { json, text } = await client.call("GET", query);
  if (json?.value === undefined) throw new Error(text);
  return json.value
    .map((row: { name: string }) => row.name)
    .filter((name: string) => name !== "Parent");
};

test.each([
  ["name eq 'CAFE BOSE'", [0]],
  ["name eq 'DELTA'", [2, 3]],
  ["name eq 'Delta ' or name eq 'CAFÉ bose'", [0, 2, 3]],
  ["name eq 'delta' or name eq null", [2, 3]],
  ["name eq 'echo''s'", [4]],
  ["contains(name,'é b') or endswith(name,'/1')", [0, 1, 5]],
  ["not startswith(name,'caf') and numberofemployees ne null", [2, 3, 4, 5]],
  ["numberofemployees gt 1 and numberofemployees le 3", [2, 3]],
  ["(numberofemployees eq 1 or revenue ge 4.1) and creditonhold eq true", [4]],
  ["createdon ge 2020-01-05T00:00:00Z and createdon lt 2020-01-06T12:00:00Z", [4]],
  ["parentaccountid/address1_city eq 'paris'", [0, 1]],
  ["parentaccountid ne null and name ne null", undefined],
  ["_parentaccountid_value ne null", [0, 1]],
  ["contact_customer_accounts/any(c:c/emailaddress1 eq '3@X.example')", [3]],
  [
    "contact_customer_accounts/all(c:contains(c/lastname,'4')) and contact_customer_accounts/any()",
    [4],
  ],
  ["Microsoft.Dynamics.CRM.In(PropertyName='name',PropertyValues=['delta','Echo''s'])", [2, 3, 4]],
  [
    "Microsoft.Dynamics.CRM.Between(PropertyName='numberofemployees',PropertyValues=['1','2'])",
    [1, 2],
  ],
  [
    "Microsoft.Dynamics.CRM.OnOrBefore(PropertyName='createdon',PropertyValue='2020-01-02')",
    [0, 1],
  ],
  [
    "Microsoft.Dynamics.CRM.LastXDays(PropertyName='modifiedon',PropertyValue=1) and numberofemployees lt 1",
    [0],
  ],
])("the filter %s finds what it means", async (filter, expected) => {
  if (expected === undefined)
    return expect(found(filter)).rejects.toThrow(
      "Could not find a property named 'parentaccountid'",
    );
  expect(await found(filter)).toEqual(expected.map((at) => names[at]));
});

test.each([
  [
    "$filter=nobody eq 1",
    "0x0",
    "Could not find a property named 'nobody' on type 'Microsoft.Dynamics.CRM.account'.",
  ],
  ["$select=nobody", "0x0", "Could not find a property named 'nobody'"],
  ["$filter=accountid eq 'text'", "0x80060888", "incompatible types"],
  ["$filter=name eq", "0x80060888", "Syntax error"],
  ["$filter=name eq 'open", "0x80060888", "unterminated string literal"],
  ["$skip=5", "0x80060888", "$skip"],
])("the query %s is refused", async (query, code, message) => {
  const { status, json } = await client.call("GET", `accounts?${query}`);
  expect([status, json.error.code]).toEqual([400, code]);
  expect(json.error.message).toContain(message);
});

test("options may be encoded whole, with + for blanks, and values may come as aliases", async () => {
  const encoded = await client.call("GET", "accounts?%24filter=name+eq+%27Delta%27&%24select=name");
  expect(encoded.json.value).toHaveLength(2);
  const aliased = await client.call(
    "GET",
    "accounts?$filter=name eq @p1 and numberofemployees eq @p2&@p1='delta'&@p2=3",
  );
  expect(aliased.json.value).toHaveLength(1);
  const list = await client.call(
    "GET",
    "accounts?$filter=Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)&@p1='name'&@p2=['delta','x']",
  );
  expect(list.json.value).toHaveLength(2);
});

test("pages follow their links on the host that was called, to the end, in any order, each row once", async () => {
  for (const order of [
    "",
    "&$orderby=name desc,numberofemployees",
    "&$orderby=parentaccountid/name",
  ]) {
    const seen: string[] = [];
    let url = `http://localhost:${new URL(client.ready.http).port}/api/data/v9.2/accounts?$select=name${order}&$count=true`;
    let pages = 0;
    while (url !== "") {
      const { json } = await client.call("GET", url, undefined, { prefer: "odata.maxpagesize=3" });
      pages += 1;
      expect(json["@odata.count"]).toBe(7);
      seen.push(...json.value.map((row: { accountid: string }) => row.accountid));
      url = json["@odata.nextLink"] ?? "";
      if (url !== "")
        expect(url).toMatch(
          /^http:\/\/localhost:.*\$skiptoken=%3Ccookie%20pagenumber%3D%22\d%22%20pagingcookie%3D%22%25253C/,
        );
    }
    expect([pages, seen.length, new Set(seen).size]).toEqual([3, 7, 7]);
  }
});

test("$top bounds a list without a link, and counts for nothing beside a page size", async () => {
  const top = await client.call("GET", "accounts?$select=name&$top=2");
  expect([top.json.value.length, top.json["@odata.nextLink"]]).toEqual([2, undefined]);
  const paged = await client.call("GET", "accounts?$select=name&$top=2", undefined, {
    prefer: "odata.maxpagesize=4",
  });
  expect(paged.json.value).toHaveLength(4);
});

test("groups add up, by columns of the row and of its parent", async () => {
  const { json } = await client.call(
    "GET",
    "accounts?$apply=filter(numberofemployees ne null)/groupby((creditonhold),aggregate(revenue with sum as total,numberofemployees with max as most,$count as rows))",
  );
  const sorted = json.value.sort(
    (a: { rows: number; total: number }, b: { total: number }) => a.total - b.total,
  );
  expect(sorted).toEqual([
    { creditonhold: true, total: 6.3, most: 4, rows: 3 },
    { creditonhold: false, total: 9.3, most: 5, rows: 3 },
  ]);
  const byParent = await client.call(
    "GET",
    "accounts?$apply=groupby((parentaccountid/name),aggregate($count as rows,name with countdistinct as names))",
  );
  expect(byParent.json.value).toContainEqual({ parentaccountid_name: "Parent", rows: 2, names: 2 });
});

test("counts come as text, as a property and as the total of a table", async () => {
  expect((await client.call("GET", "accounts/$count")).text).toBe("7");
  const total = await client.call(
    "GET",
    "RetrieveTotalRecordCount(EntityNames=['account','contact'])",
  );
  expect(total.json.EntityRecordCountCollection).toMatchObject({
    Keys: ["account", "contact"],
    Values: [7, 6],
  });
});

test("annotations come only when asked for, in the kinds asked for", async () => {
  const read = async (prefer: string): Promise<string[]> => {
    const { json } = await client.call(
      "GET",
      "accounts?$filter=name eq 'delta'&$select=revenue,statecode&$top=1",
      undefined,
      { prefer },
    );
    return Object.keys(json.value[0]).filter((name) => name.includes("@") && !name.startsWith("@"));
  };
  expect(await read("x=y")).toEqual([]);
  expect(
    await read('odata.include-annotations="OData.Community.Display.V1.FormattedValue"'),
  ).toEqual([
    "revenue@OData.Community.Display.V1.FormattedValue",
    "statecode@OData.Community.Display.V1.FormattedValue",
  ]);
});

test("which table takes which bulk message is asked of sdkmessagefilters", async () => {
  const ask = async (message: string, table: string): Promise<number> => {
    const filter = `sdkmessageid/name eq '${message}' and primaryobjecttypecode eq '${table}'`;
    const { json } = await client.call(
      "GET",
      `sdkmessagefilters?$select=sdkmessagefilterid&$expand=sdkmessageid($select=name)&$filter=${filter}`,
    );
    return json.value.length;
  };
  expect([await ask("CreateMultiple", "account"), await ask("DeleteMultiple", "account")]).toEqual([
    1, 0,
  ]);
});

test("a delta link tells what was written and deleted behind the pages it closed", async () => {
  const track = { prefer: "odata.track-changes,odata.maxpagesize=4" };
  const first = await client.call("GET", "contacts?$select=lastname", undefined, track);
  const second = await client.call("GET", first.json["@odata.nextLink"], undefined, track);
  const link = second.json["@odata.deltaLink"];
  expect([first.json["@odata.deltaLink"], second.json.value.length]).toEqual([undefined, 2]);
  const made = await client.create("contacts", { lastname: "New" });
  const gone = await client.create("contacts", { lastname: "Gone" });
  await client.call("DELETE", `contacts(${gone})`);
  const { json } = await client.call("GET", link);
  expect(json.value).toEqual([
    expect.objectContaining({ contactid: made, lastname: "New" }),
    {
      "@odata.context": expect.stringContaining("#contacts/$deletedEntity"),
      id: gone,
      reason: "deleted",
    },
  ]);
  expect((await client.call("GET", json["@odata.deltaLink"])).json.value).toEqual([]);
  await client.call("DELETE", `contacts(${made})`);
});

test("a user's privileges can be asked, so that a pre-flight need not try them", async () => {
  const me = (await client.call("GET", "WhoAmI")).json.UserId;
  const ask = async (name: string): Promise<number> => {
    const call = `RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='${name}')`;
    const { json } = await client.call("GET", `systemusers(${me})/Microsoft.Dynamics.CRM.${call}`);
    return json.RolePrivileges.length;
  };
  expect(await ask("prvOverrideCreatedOnCreatedBy")).toBe(1);
  await client.admin("POST", "settings", { missingPrivileges: ["prvOverrideCreatedOnCreatedBy"] });
  expect(await ask("prvOverrideCreatedOnCreatedBy")).toBe(0);
  await client.admin("POST", "settings", { missingPrivileges: [] });
});

test("a fault plan makes pages small, and the links still lead to every row", async () => {
  await client.admin("POST", "faults", {
    faults: [{ kind: "small_pages", on: "^account$", rows: 2 }],
  });
  let rows = 0;
  let pages = 0;
  for (let url = "accounts?$select=name"; url !== ""; pages++) {
    const { json } = await client.call("GET", url);
    rows += json.value.length;
    url = json["@odata.nextLink"] ?? "";
  }
  expect([rows, pages]).toEqual([7, 4]);
  await client.admin("DELETE", "faults");
});

test("an owner, who may be a user or a team, is expanded and filtered by", async () => {
  const filter = "ownerid/fullname eq '# cutover integration' and numberofemployees eq 1";
  const { json } = await client.call(
    "GET",
    `accounts?$select=name&$filter=${encodeURIComponent(filter)}&$expand=ownerid($select=fullname),owninguser($select=domainname)`,
  );
  expect(json.value).toHaveLength(1);
  expect(json.value[0].ownerid.fullname).toBe("# Cutover Integration");
  expect(json.value[0].owninguser.domainname).toBe("integration@cutover.example");
});
