import { afterAll, beforeAll, expect, test } from "vitest";
import type { ObjectPlan } from "../../../pipeline/core/plan.ts";
import { openLog } from "../../../pipeline/stage/log.ts";
import { openDynamicsSink } from "../../../sinks/dynamics/dynamics-sink.ts";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import { createSchema } from "../../../sinks/dynamics/schema/create-schema.ts";
import { type Operation, resultKey, type Sink, type SinkRow } from "../../../sinks/sink.ts";
import { dynamicsPlan } from "../../mapping/dynamics/mapped-rows.ts";
import { addPublisher, definition } from "../../simulators/dataverse-metadata/definitions.ts";
import { type ACatalogue, aCatalogue } from "./a-catalogue.ts";
import { type SimulatedEnvironment, simulatedEnvironment } from "./simulated-environment.ts";

const compiled = dynamicsPlan({
  ...{ edition: "professional", products: "catalogue", price_list: "Jobs", audit_fields: true },
});
const planFor = (object: string): ObjectPlan =>
  compiled.plan.objects.find((plan) => plan.object === object) as ObjectPlan;
const [opportunity, line, closing] = ["opportunity", "opportunityproduct", "opportunityclose"].map(
  planFor,
) as [ObjectPlan, ObjectPlan, ObjectPlan];
const createdAt = Date.UTC(2019, 4, 4, 12);

let environment: SimulatedEnvironment;
let sinks: Sink[] = [];
let catalogue: ACatalogue;
const products = new Map<string, string>();

/** Another sink has asked the catalogue nothing yet. */
async function aSink(): Promise<Sink> {
  const sink = await openDynamicsSink({
    ...environment.options(),
    ...{ publisherPrefix: "qd", blobFolder: environment.raw.folder, log: openLog("test") },
  });
  sinks.push(sink);
  return sink;
}

beforeAll(async () => {
  environment = await simulatedEnvironment({ limits: "off" });
  await addPublisher(environment.raw);
  const options = { edition: "professional", publisherPrefix: "qd", pollMs: 5 } as const;
  await createSchema(await environment.client(), compiled, options);
  catalogue = await aCatalogue(environment.raw);
  await catalogue.priceList("Jobs");
  const make = async (number: string, own?: object): Promise<void> => {
    products.set(number, await catalogue.product(number, own));
  };
  await make("Filter-1");
  await make("Boiler repair");
  await make("Old-1");
  await make("Kit-1", { productstructure: 3 });
  const retired = { statecode: 1, statuscode: 2 };
  await environment.raw.call("PATCH", `products(${products.get("Old-1")})`, retired);
});
afterAll(async () => {
  for (const sink of sinks) await sink.close();
  await environment.close();
});

async function send(
  sink: Sink,
  plan: ObjectPlan,
  operation: Operation,
  rows: readonly SinkRow[],
): Promise<unknown[]> {
  const results = await sink.send([{ plan, operation, rows }]);
  return rows.map(({ key }) => {
    const result = results.get(resultKey(plan.object, key));
    return result?.kind === "refused" ? result : result?.kind;
  });
}

async function aJob(sink: Sink, key: string): Promise<void> {
  const fields = { name: key, isrevenuesystemcalculated: false, pricelevelid: "Jobs" };
  expect(await send(sink, opportunity, "insert", [{ key, destinationId: null, fields }])).toEqual([
    "created",
  ]);
}

/** A line of a job; only an insert says what is said once. */
function aLine(job: string, key: string, names: string, own: SinkRow["fields"] = {}): SinkRow {
  const fields = {
    ...{ opportunityid: rowGuid("opportunity", job), overriddencreatedon: createdAt },
    ...{ productdescription: `What ${key} is`, qd_productnames: names },
    ...{ quantity: "3", priceperunit: "33.33", tax: "0.01", ...own },
  };
  return { key, destinationId: null, fields };
}

function changed({ key, fields }: SinkRow, own: SinkRow["fields"]): SinkRow {
  const { opportunityid: _set, overriddencreatedon: _once, ...rest } = fields;
  return { key, destinationId: rowGuid(line.object, key), fields: { ...rest, ...own } };
}

// oxlint-disable-next-line typescript/no-explicit-any
const standing = async (key: string): Promise<any> =>
  (await environment.raw.call("GET", `opportunityproducts(${rowGuid(line.object, key)})`)).json;

/** Values that are read otherwise than they were sent. */
async function differences(sink: Sink, plan: ObjectPlan, sent: readonly SinkRow[]) {
  const rows = await sink.read(plan, { keys: sent.map(({ key }) => key) });
  expect(rows).toHaveLength(sent.length);
  return sent.flatMap(({ key, fields }) => {
    const row = rows.find((each) => each.key === key);
    return plan.fields.flatMap((field) => {
      const value = fields[field.name];
      if (value === undefined || field.reference !== undefined) return [];
      const [wanted, is] = [sink.canonical(field, value), row?.fields[field.name]];
      return wanted === is ? [] : [`${key} ${field.name}: ${String(is)}, not ${String(wanted)}`];
    });
  });
}

test("a line whose SKU or service type is a product's number is of the catalogue with its own price, every other is written in, and each is read as it was sent", async () => {
  const sink = await aSink();
  await aJob(sink, "first");
  const lines = [
    aLine("first", "sku", "FILTER-1\nBoiler repair"),
    aLine("first", "service", "nobody's\nboiler repair"),
    aLine("first", "neither", "nobody's\nneither"),
    aLine("first", "nameless", ""),
    aLine("first", "hostile", "it's #1/%2B & _\n\n\nWritten in: Ä\u202e"),
  ];
  expect(await send(sink, line, "insert", lines)).toEqual(lines.map(() => "created"));
  expect(await standing("sku")).toMatchObject({
    ...{ _productid_value: products.get("Filter-1"), _uomid_value: catalogue.unit },
    ...{ isproductoverridden: false, ispriceoverridden: true, description: "What sku is" },
    ...{ productdescription: null, priceperunit: 33.33, baseamount: 99.99, extendedamount: 100 },
  });
  expect(await standing("service")).toMatchObject({
    ...{ _productid_value: products.get("Boiler repair"), isproductoverridden: false },
  });
  for (const key of ["neither", "nameless", "hostile"]) {
    expect(await standing(key)).toMatchObject({
      ...{ _productid_value: null, isproductoverridden: true, extendedamount: 100 },
      productdescription: `What ${key} is`,
    });
  }
  expect((await standing("neither")).qd_productnames).toBe("nobody's\nneither");
  expect(await differences(sink, line, lines)).toEqual([]);
  const first = { name: "first", pricelevelid: "Jobs" };
  const jobs = [{ key: "first", destinationId: null, fields: first }];
  expect(await differences(sink, opportunity, jobs)).toEqual([]);
});

test("a product that is retired, a bundle or one of several is not taken, and the line says so", async () => {
  const sink = await aSink();
  await aJob(sink, "odd");
  // Numbers are unique until an admin drops the key.
  const key = "Keys(LogicalName='product_productnumber')";
  const dropped = await environment.raw.call("DELETE", `${definition("product")}/${key}`);
  expect(dropped.status).toBe(204);
  await catalogue.product("Two-1");
  await catalogue.product("TWO-1");
  const lines = [
    aLine("odd", "retired", "old-1"),
    aLine("odd", "bundle", "Kit-1\nFilter-1"),
    aLine("odd", "several", "two-1"),
  ];
  expect(await send(sink, line, "insert", lines)).toEqual(lines.map(() => "created"));
  expect((await standing("several")).qd_productnames).toBe(
    "two-1\n\nWritten in: 2 active products have the number two-1",
  );
  expect(await standing("retired")).toMatchObject({
    ...{ _productid_value: null, isproductoverridden: true },
    qd_productnames: "old-1\n\nWritten in: the product old-1 is not active",
  });
  expect((await standing("bundle")).qd_productnames).toBe(
    "Kit-1\nFilter-1\n\nWritten in: the product kit-1 is a family or a bundle",
  );
  expect(await differences(sink, line, lines)).toEqual([]);
});

test("a line that comes into the catalogue or leaves it is made anew with all it was created with, also of a closed job", async () => {
  const sink = await aSink();
  await aJob(sink, "moving");
  const [comes, goes, stays] = [
    aLine("moving", "comes", "New-1"),
    aLine("moving", "goes", "Filter-1"),
    aLine("moving", "stays", "Filter-1"),
  ];
  await send(sink, line, "insert", [comes, goes, stays]);
  const won = {
    ...{ subject: "Done", actualend: createdAt, actualrevenue: "1", opportunitystatecode: "Won" },
    opportunityid: rowGuid("opportunity", "moving"),
  };
  const close = { key: "moving", destinationId: null, fields: won };
  expect(await send(sink, closing, "insert", [close])).toEqual(["created"]);
  const product = await catalogue.product("New-1");
  const later = await aSink();
  const updates = [
    changed(comes, { quantity: "2" }),
    changed(goes, { qd_productnames: "elsewhere" }),
    changed(stays, { qd_productnames: "Boiler repair", tax: "0" }),
  ];
  expect(await send(later, line, "update", updates)).toEqual(["updated", "updated", "updated"]);
  expect(await standing("comes")).toMatchObject({
    ...{ _productid_value: product, isproductoverridden: false, description: "What comes is" },
    ...{ createdon: "2019-05-04T12:00:00Z", extendedamount: 66.67 },
    _opportunityid_value: rowGuid("opportunity", "moving"),
  });
  expect(await standing("goes")).toMatchObject({
    ...{ _productid_value: null, _uomid_value: null, isproductoverridden: true },
    ...{ productdescription: "What goes is", createdon: "2019-05-04T12:00:00Z" },
  });
  expect(await standing("stays")).toMatchObject({
    ...{ _productid_value: products.get("Boiler repair"), extendedamount: 99.99 },
  });
  expect(await differences(later, line, updates)).toEqual([]);
  const job = await environment.raw.call("GET", `opportunities(${won.opportunityid})`);
  expect(job.json).toMatchObject({ statecode: 1, actualclosedate: "2019-05-04" });
  expect(await send(later, line, "update", updates)).toEqual(["updated", "updated", "updated"]);
  expect(await send(later, line, "delete", [changed(comes, {})])).toEqual(["deleted"]);
});

test("a line that is of another product than asked for is a difference", async () => {
  const sink = await aSink();
  await aJob(sink, "spoilt");
  const lines = [aLine("spoilt", "swapped", "Filter-1")];
  await send(sink, line, "insert", lines);
  await environment.raw.call("PATCH", `opportunityproducts(${rowGuid(line.object, "swapped")})`, {
    "productid@odata.bind": `/products(${products.get("Boiler repair")})`,
  });
  expect(await differences(sink, line, lines)).toEqual([
    "swapped qd_productnames: Boiler repair, not Filter-1",
  ]);
});

test("an opportunity of a price list that is not there, or one of two, is refused by its name", async () => {
  const sink = await aSink();
  await catalogue.priceList("Twice");
  await catalogue.priceList("Twice");
  for (const pricelevelid of ["Nowhere", "Twice"]) {
    const row = { key: pricelevelid, destinationId: null, fields: { name: "x", pricelevelid } };
    expect(await send(sink, opportunity, "insert", [row])).toMatchObject([
      { code: "PRICE_LIST_UNKNOWN", field: "pricelevelid", class: "refuse" },
    ]);
  }
});
