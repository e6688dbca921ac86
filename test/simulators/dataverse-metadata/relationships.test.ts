import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";
import { addPublisher, column, definition, label, table } from "./definitions.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
  await addPublisher(client);
  for (const name of ["qd_Order", "qd_Line"])
    await client.call("POST", "EntityDefinitions", table(name));
});
afterAll(() => client.close());

function lookup(SchemaName: string, lookupName: string, more: object): object {
  return {
    "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
    SchemaName,
    Lookup: {
      "@odata.type": "Microsoft.Dynamics.CRM.LookupAttributeMetadata",
      SchemaName: lookupName,
      DisplayName: label(lookupName),
      RequiredLevel: { Value: "None" },
    },
    ...more,
  };
}

test("a lookup comes with its relationship, is bound by its schema name, and cascades as it says", async () => {
  const parental = {
    ReferencedEntity: "qd_order",
    ReferencingEntity: "qd_line",
    CascadeConfiguration: { Delete: "Cascade" },
  };
  const made = await client.call(
    "POST",
    "RelationshipDefinitions",
    lookup("qd_order_lines", "qd_Order", parental),
  );
  expect(made.status).toBe(204);
  const read = await client.call(
    "GET",
    `${definition("qd_line")}/ManyToOneRelationships?$filter=SchemaName eq 'qd_order_lines'`,
  );
  expect(read.json.value).toMatchObject([
    {
      ReferencingAttribute: "qd_order",
      ReferencingEntityNavigationPropertyName: "qd_Order",
      CascadeConfiguration: { Delete: "Cascade" },
    },
  ]);
  const order = await client.create("qd_orders", { qd_name: "O" });
  const line = await client.create("qd_lines", { "qd_Order@odata.bind": `/qd_orders(${order})` });
  expect((await client.call("GET", `qd_lines(${line})`)).json._qd_order_value).toBe(order);
  const wrong = await client.call("POST", "qd_lines", {
    "qd_order@odata.bind": `/qd_orders(${order})`,
  });
  expect(wrong.json.error.code).toBe("0x80048d19");
  await client.call("DELETE", `qd_orders(${order})`);
  expect((await client.call("GET", `qd_lines(${line})`)).status).toBe(404);
});

test("what a lookup restricts cannot be deleted, and a table others point to stays", async () => {
  const kept = {
    ReferencedEntity: "account",
    ReferencingEntity: "qd_order",
    CascadeConfiguration: { Delete: "Restrict" },
  };
  await client.call(
    "POST",
    "RelationshipDefinitions",
    lookup("qd_account_orders", "qd_Account", kept),
  );
  const account = await client.create("accounts", { name: "A" });
  await client.create("qd_orders", { "qd_Account@odata.bind": `/accounts(${account})` });
  const refused = await client.call("DELETE", `accounts(${account})`);
  expect([refused.status, refused.json.error.code]).toEqual([405, "0x80040227"]);
  expect((await client.call("DELETE", definition("qd_order"))).json.error.code).toBe("0x8004f01f");
  const again = await client.call(
    "POST",
    "RelationshipDefinitions",
    lookup("qd_account_orders", "qd_Other", kept),
  );
  expect(again.json.error.code).toBe("0x8004432B");
});

test("a customer lookup points to accounts and contacts, each by a navigation property of its own", async () => {
  const one = (to: string): object => ({
    SchemaName: `qd_order_${to}`,
    ReferencedEntity: to,
    ReferencingEntity: "qd_order",
  });
  const made = await client.call("POST", "CreateCustomerRelationships", {
    Lookup: { SchemaName: "qd_Customer", DisplayName: label("Customer") },
    OneToManyRelationships: [one("account"), one("contact")],
  });
  expect(made.json.RelationshipIds).toHaveLength(2);
  const contact = await client.create("contacts", { lastname: "C" });
  const order = await client.create("qd_orders", {
    "qd_Customer_contact@odata.bind": `/contacts(${contact})`,
  });
  const read = await client.call("GET", `qd_orders(${order})`, undefined, {
    prefer: 'odata.include-annotations="*"',
  });
  expect(read.json["_qd_customer_value@Microsoft.Dynamics.CRM.lookuplogicalname"]).toBe("contact");
});

test("tables are joined many to many, and both sides see it", async () => {
  const made = await client.call("POST", "RelationshipDefinitions", {
    "@odata.type": "Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata",
    SchemaName: "qd_order_contacts",
    Entity1LogicalName: "qd_order",
    Entity2LogicalName: "contact",
    IntersectEntityName: "qd_order_contacts",
  });
  expect(made.status).toBe(204);
  const order = await client.create("qd_orders", {});
  const contact = await client.create("contacts", { lastname: "D" });
  const target = { "@odata.id": `${client.ready.http}/api/data/v9.2/contacts(${contact})` };
  await client.call("POST", `qd_orders(${order})/qd_order_contacts/$ref`, target);
  const back = await client.call("GET", `contacts(${contact})/qd_order_contacts`);
  expect(back.json.value).toMatchObject([{ qd_orderid: order }]);
});

test("a global choice serves several columns, grows, is renamed and ordered, and stays while it is used", async () => {
  const zone = {
    "@odata.type": "Microsoft.Dynamics.CRM.OptionSetMetadata",
    Name: "qd_zone",
    IsGlobal: true,
    OptionSetType: "Picklist",
    Options: [{ Value: 1, Label: label("North") }],
  };
  const shown = { prefer: "return=representation" };
  const made = await client.call("POST", "GlobalOptionSetDefinitions", zone, shown);
  expect([made.status, made.json.Name]).toEqual([201, "qd_zone"]);
  const bound = column("Picklist", "qd_Zone", {
    "GlobalOptionSet@odata.bind": "/GlobalOptionSetDefinitions(Name='qd_zone')",
  });
  await client.call("POST", `${definition("qd_order")}/Attributes`, bound);
  const inserted = await client.call("POST", "InsertOptionValue", {
    OptionSetName: "qd_zone",
    Label: label("South"),
  });
  expect(inserted.json.NewOptionValue).toBe(410_000_000);
  await client.call("POST", "UpdateOptionValue", {
    OptionSetName: "qd_zone",
    Value: 1,
    Label: label("Nord"),
    MergeLabels: true,
  });
  await client.call("POST", "OrderOption", { OptionSetName: "qd_zone", Values: [410_000_000, 1] });
  const read = await client.call("GET", "GlobalOptionSetDefinitions(Name='qd_zone')");
  const labels = read.json.Options.map(
    (one: { Label: { UserLocalizedLabel: { Label: string } } }) =>
      one.Label.UserLocalizedLabel.Label,
  );
  expect(labels).toEqual(["South", "Nord"]);
  expect((await client.call("POST", "qd_orders", { qd_zone: 410_000_000 })).status).toBe(204);
  const used = await client.call("DELETE", "GlobalOptionSetDefinitions(Name='qd_zone')");
  expect(used.json.error.code).toBe("0x80048417");
});
