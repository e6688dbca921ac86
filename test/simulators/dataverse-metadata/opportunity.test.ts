import { afterAll, beforeAll, expect, test } from "vitest";
import { type EnvironmentClient, openEnvironmentClient } from "../dataverse/environment-client.ts";

let client: EnvironmentClient;
beforeAll(async () => {
  client = await openEnvironmentClient();
});
afterAll(() => client.close());

const read = async (set: string, id: string): Promise<Record<string, unknown>> =>
  (await client.call("GET", `${set}(${id})`)).json;
const codeOf = async (method: string, path: string, body: object): Promise<[number, unknown]> => {
  const reply = await client.call(method, path, body);
  return [reply.status, reply.json?.error.code];
};
const close = (action: string, id: string, Status: number, more: object = {}) =>
  client.call("POST", action, {
    Status,
    OpportunityClose: {
      subject: "Done",
      "opportunityid@odata.bind": `/opportunities(${id})`,
      ...more,
    },
  });

test("won in 2019: created with its date, filled, closed by the action, read-only, opened, closed again", async () => {
  const id = await client.create("opportunities", {
    name: "Roof",
    overriddencreatedon: "2019-01-05T08:00:00Z",
    estimatedvalue: 100,
  });
  const won = await close("WinOpportunity", id, 3, {
    actualend: "2019-05-04T22:30:00Z",
    actualrevenue: 123.45,
  });
  expect([won.status, won.text]).toEqual([204, ""]);
  expect(await read("opportunities", id)).toMatchObject({
    createdon: "2019-01-05T08:00:00Z",
    statecode: 1,
    statuscode: 3,
    actualclosedate: "2019-05-04",
    actualvalue: 123.45,
  });
  const again = await close("WinOpportunity", id, 3);
  expect([again.status, again.json.error.code]).toEqual([400, "0x80040515"]);
  expect(await codeOf("PATCH", `opportunities(${id})`, { name: "X" })).toEqual([405, "0x80040228"]);
  expect(await codeOf("PATCH", `opportunities(${id})`, { statecode: 0, statuscode: 1 })).toEqual([
    204,
    undefined,
  ]);
  expect(await codeOf("PATCH", `opportunities(${id})`, { name: "X" })).toEqual([204, undefined]);
  expect(
    (await close("LoseOpportunity", id, 5, { actualend: "2019-05-04T00:00:00Z" })).status,
  ).toBe(204);
  expect(await read("opportunities", id)).toMatchObject({ statecode: 2, statuscode: 5 });
  const closes = await client.call(
    "GET",
    `opportunities(${id})/Opportunity_OpportunityClose?$select=statecode,actualrevenue`,
  );
  expect(closes.json.value).toHaveLength(2);
  expect(closes.json.value[0]).toMatchObject({ statecode: 1 });
});

test("the state is set by the actions, unless the environment allows it by PATCH", async () => {
  const id = await client.create("opportunities", { name: "Direct" });
  const won = { statecode: 1, statuscode: 3 };
  expect(await codeOf("PATCH", `opportunities(${id})`, won)).toEqual([400, "0x80100005"]);
  const wrong = await close("WinOpportunity", id, 4);
  expect(wrong.json.error.code).toBe("0x80048408");
  await client.admin("POST", "settings", { opportunityStatePatch: "allow" });
  expect(await codeOf("PATCH", `opportunities(${id})`, won)).toEqual([204, undefined]);
  const closes = await client.call("GET", `opportunities(${id})/Opportunity_OpportunityClose`);
  expect(closes.json.value).toHaveLength(1);
  await client.admin("POST", "settings", { opportunityStatePatch: "reject" });
});

test("lines are written in or of the catalogue, and the totals add up to the cent", async () => {
  const group = await client.create("uomschedules", { name: "Units", baseuomname: "Each" });
  const unit = await client.create("uoms", {
    name: "Each",
    quantity: 1,
    "uomscheduleid@odata.bind": `/uomschedules(${group})`,
  });
  const product = await client.create("products", {
    name: "Filter",
    productnumber: "F-1",
    quantitydecimal: 2,
    "defaultuomid@odata.bind": `/uoms(${unit})`,
    "defaultuomscheduleid@odata.bind": `/uomschedules(${group})`,
  });
  const list = await client.create("pricelevels", { name: "2019" });
  await client.create("productpricelevels", {
    amount: 12.5,
    "pricelevelid@odata.bind": `/pricelevels(${list})`,
    "productid@odata.bind": `/products(${product})`,
    "uomid@odata.bind": `/uoms(${unit})`,
  });
  const bare = await client.create("opportunities", { name: "No list" });
  const ofCatalogue = (id: string, more: object = {}): object => ({
    "opportunityid@odata.bind": `/opportunities(${id})`,
    "productid@odata.bind": `/products(${product})`,
    quantity: 3,
    ...more,
  });
  const withUnit = { "uomid@odata.bind": `/uoms(${unit})` };
  expect(await codeOf("POST", "opportunityproducts", ofCatalogue(bare))).toEqual([
    400,
    "0x80043b0d",
  ]);
  expect(await codeOf("POST", "opportunityproducts", ofCatalogue(bare, withUnit))).toEqual([
    400,
    "0x80043b12",
  ]);
  const id = await client.create("opportunities", {
    name: "Lines",
    isrevenuesystemcalculated: true,
    "pricelevelid@odata.bind": `/pricelevels(${list})`,
  });
  const writeIn = {
    "opportunityid@odata.bind": `/opportunities(${id})`,
    isproductoverridden: true,
    productdescription: "Labour",
    priceperunit: 33.335,
    quantity: 1.5,
    tax: 0.1,
  };
  const mixed = await codeOf("POST", "opportunityproducts", { ...writeIn, ...withUnit });
  expect(mixed).toEqual([400, "0x80043afa"]);
  const line = await client.create("opportunityproducts", writeIn);
  await client.create("opportunityproducts", ofCatalogue(id, withUnit));
  expect(await read("opportunityproducts", line)).toMatchObject({
    baseamount: 50.01,
    extendedamount: 50.11,
  });
  expect(await read("opportunities", id)).toMatchObject({
    totallineitemamount: 87.51,
    totaltax: 0.1,
    totalamount: 87.61,
    estimatedvalue: 87.61,
  });
  await client.call("PATCH", `opportunityproducts(${line})`, { quantity: 3 });
  expect(await read("opportunities", id)).toMatchObject({ totalamount: 137.62 });
  await client.call("DELETE", `opportunityproducts(${line})`);
  expect(await read("opportunities", id)).toMatchObject({ totalamount: 37.5 });
  await close("WinOpportunity", id, 3);
  expect(await codeOf("POST", "opportunityproducts", writeIn)).toEqual([405, "0x80040228"]);
  const [left] = (await client.call("GET", `opportunities(${id})/product_opportunities`)).json
    .value;
  const kept = await client.call("DELETE", `opportunityproducts(${left.opportunityproductid})`);
  expect([kept.status, kept.json.error.code]).toEqual([405, "0x80040228"]);
  expect((await client.call("DELETE", `opportunities(${id})`)).status).toBe(204);
});

test("a paid invoice is read-only, and deleting it takes its lines", async () => {
  const id = await client.create("invoices", { name: "I-1" });
  const line = await client.create("invoicedetails", {
    "invoiceid@odata.bind": `/invoices(${id})`,
    isproductoverridden: true,
    productdescription: "Work",
    priceperunit: 20,
    quantity: 2,
  });
  expect(await read("invoices", id)).toMatchObject({ totalamount: 40 });
  expect(await codeOf("PATCH", `invoices(${id})`, { statecode: 2, statuscode: 100001 })).toEqual([
    204,
    undefined,
  ]);
  expect(await codeOf("PATCH", `invoices(${id})`, { name: "I-2" })).toEqual([405, "0x80040228"]);
  expect((await client.call("DELETE", `invoices(${id})`)).status).toBe(204);
  expect((await client.call("GET", `invoicedetails(${line})`)).status).toBe(404);
});
