import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";
import { addPublisher, column, definition, label, table } from "./definitions.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
  await addPublisher(client);
  await client.call("POST", "EntityDefinitions", table("qd_City"));
});
afterAll(() => client.close());

test("a new table has its set in the English plural, the columns of the platform, notes and activities", async () => {
  const found = await client.call(
    "GET",
    `${definition("qd_city")}?$select=EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,IsCustomEntity&$expand=Attributes($select=LogicalName)`,
  );
  expect(found.json).toMatchObject({
    EntitySetName: "qd_cities",
    PrimaryIdAttribute: "qd_cityid",
    PrimaryNameAttribute: "qd_name",
    IsCustomEntity: true,
  });
  const names = found.json.Attributes.map((one: { LogicalName: string }) => one.LogicalName);
  expect(names).toEqual(
    expect.arrayContaining(["ownerid", "statecode", "overriddencreatedon", "versionnumber"]),
  );
  const id = await client.create("qd_cities", { qd_name: "Ulm" });
  await client.create("annotations", { "objectid_qd_city@odata.bind": `/qd_cities(${id})` });
  await client.create("tasks", {
    "regardingobjectid_qd_city_task@odata.bind": `/qd_cities(${id})`,
  });
  expect((await client.call("DELETE", `qd_cities(${id})`)).status).toBe(204);
  expect((await client.call("GET", "annotations")).json.value).toEqual([]);
  expect((await client.call("GET", "activitypointers")).json.value).toEqual([]);
});

test("columns of every type hold what they say and refuse the rest", async () => {
  const columns = [
    column("String", "qd_Text", { MaxLength: 5 }),
    column("Memo", "qd_Long", { MaxLength: 2_000 }),
    column("Integer", "qd_Count", { MinValue: 0, MaxValue: 9 }),
    column("Decimal", "qd_Rate", { Precision: 3 }),
    column("Money", "qd_Price"),
    column("DateTime", "qd_At", { Format: "DateAndTime" }),
    column("DateTime", "qd_Day", { Format: "DateOnly", DateTimeBehavior: { Value: "DateOnly" } }),
    column("Boolean", "qd_Flag", { OptionSet: { TrueOption: { Value: 1, Label: label("Aye") } } }),
    column("Picklist", "qd_Kind", {
      OptionSet: { IsGlobal: false, Options: [{ Label: label("A") }] },
    }),
  ];
  for (const one of columns) {
    const made = await client.call("POST", `${definition("qd_city")}/Attributes`, one);
    expect([made.status, made.text]).toEqual([204, ""]);
  }
  const row = {
    qd_text: "12345",
    qd_long: "long",
    qd_count: 9,
    qd_rate: 1.2345,
    qd_price: 10.5,
    qd_at: "2020-02-29T12:00:00Z",
    qd_day: "2020-02-29",
    qd_flag: true,
    qd_kind: 410_000_000,
  };
  const id = await client.create("qd_cities", row);
  const read = (await client.call("GET", `qd_cities(${id})`)).json;
  expect(read).toMatchObject({ ...row, qd_rate: 1.235, qd_price_base: 10.5, exchangerate: 1 });
  const refused = await client.call("POST", "qd_cities", { qd_text: "123456" });
  expect([refused.status, refused.json.error.code]).toEqual([400, "0x80044331"]);
  const wrong = await client.call("POST", "qd_cities", { qd_kind: 3 });
  expect(wrong.json.error.code).toBe("0x8004431A");
});

test("a column is changed by its whole definition, and labels stay where they are merged", async () => {
  const at = `${definition("qd_city")}/Attributes(LogicalName='qd_text')`;
  const whole = (await client.call("GET", `${at}/Microsoft.Dynamics.CRM.StringAttributeMetadata`))
    .json;
  const { DisplayName: _name, ...rest } = whole;
  const body = {
    ...rest,
    "@odata.type": "Microsoft.Dynamics.CRM.StringAttributeMetadata",
    MaxLength: 50,
  };
  const put = await client.call("PUT", at, body, { "MSCRM.MergeLabels": "true" });
  expect(put.status).toBe(204);
  expect((await client.call("GET", at)).json).toMatchObject({
    "@odata.type": "#Microsoft.Dynamics.CRM.StringAttributeMetadata",
    MaxLength: 50,
    DisplayName: { UserLocalizedLabel: { Label: "qd_Text" } },
  });
});

test("definitions are found by filter, cast and expansion, and a list knows no page", async () => {
  const found = await client.call(
    "GET",
    `EntityDefinitions?$select=LogicalName&$filter=IsCustomEntity eq true and OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`,
  );
  expect(found.json.value).toMatchObject([{ LogicalName: "qd_city" }]);
  const picklists = await client.call(
    "GET",
    `${definition("qd_city")}/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet($select=Options)`,
  );
  expect(picklists.json.value).toMatchObject([
    {
      LogicalName: "qd_kind",
      OptionSet: {
        Options: [{ Value: 410_000_000, Label: { UserLocalizedLabel: { Label: "A" } } }],
      },
    },
  ]);
  const states = await client.call(
    "GET",
    `${definition("opportunity")}/Attributes/Microsoft.Dynamics.CRM.StatusAttributeMetadata?$expand=OptionSet`,
  );
  const options = states.json.value[0].OptionSet.Options;
  expect(options.map((one: { Value: number; State: number }) => [one.Value, one.State])).toEqual([
    [1, 0],
    [2, 0],
    [3, 1],
    [4, 2],
    [5, 2],
  ]);
  expect((await client.call("GET", "EntityDefinitions?$top=1")).status).toBe(400);
  expect((await client.call("GET", definition("qd_nowhere"))).status).toBe(404);
});

test("what is there already, or begins with nobody's prefix, is refused by its code", async () => {
  const code = async (path: string, body: object): Promise<unknown> =>
    (await client.call("POST", path, body)).json.error.code;
  expect(await code("EntityDefinitions", table("qd_City"))).toBe("0x8004700b");
  expect(await code("EntityDefinitions", table("xx_City"))).toBe("0x80044366");
  const attributes = `${definition("qd_city")}/Attributes`;
  expect(await code(attributes, column("String", "qd_Text"))).toBe("0x80047013");
  expect(
    await code("publishers", {
      uniquename: "a",
      friendlyname: "a",
      customizationprefix: "Q-",
      customizationoptionvalueprefix: 20_000,
    }),
  ).toBe("0x80044366");
});

test("tables of a call that fails are not there, in memory or on disk, and can be made again", async () => {
  const Entities = [table("qd_Crate"), table("qd_City")];
  const refused = await client.call("POST", "CreateEntities", { Entities });
  expect(refused.json.error.code).toBe("0x8004700b");
  expect((await client.call("GET", "qd_crates")).status).toBe(404);
  expect((await client.call("POST", "EntityDefinitions", table("qd_Crate"))).status).toBe(204);
  await client.create("qd_crates", { qd_name: "now" });
});

test("a deleted column takes its values with it, and a table goes with its rows", async () => {
  const id = await client.create("qd_cities", { qd_long: "gone" });
  const at = `${definition("qd_city")}/Attributes(LogicalName='qd_long')`;
  expect((await client.call("DELETE", at)).status).toBe(204);
  expect((await client.call("GET", `qd_cities(${id})`)).json).not.toHaveProperty("qd_long");
  await client.call("POST", "EntityDefinitions", table("qd_Box"));
  await client.create("qd_boxes", {});
  expect((await client.call("DELETE", definition("qd_box"))).status).toBe(204);
  expect((await client.call("GET", "qd_boxes")).status).toBe(404);
});
