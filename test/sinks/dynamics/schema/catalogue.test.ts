import { afterEach, expect, test } from "vitest";
import { checkSchema } from "../../../../sinks/dynamics/schema/check-schema.ts";
import { addPublisher } from "../../../simulators/dataverse-metadata/definitions.ts";
import { aCatalogue } from "../a-catalogue.ts";
import { aPlan } from "./a-plan.ts";
import { type Door, openDoor } from "./door.ts";

let door: Door;
afterEach(() => door.close());

const about = new Set(["product", "uom", "pricelevel"]);

/** What is found of the catalogue. */
async function findings(priceList?: string) {
  const options = { edition: "professional", publisherPrefix: "qd" } as const;
  const more = priceList === undefined ? {} : { priceList };
  const all = await checkSchema(door.client, aPlan(), { ...options, ...more });
  return all.filter(({ object }) => about.has(object));
}

test("a price list or products that are missing are named with who mends it, and nothing is where all lines are written in", async () => {
  door = await openDoor();
  await addPublisher(door.environment);
  const { product, priceList } = await aCatalogue(door.environment);
  await priceList("jobs");
  expect(await findings()).toEqual([]);
  expect(await findings("Jobs")).toMatchObject([
    {
      ...{ problem: "price_list_missing", found: "jobs", creatable: false },
      remedy: expect.stringContaining("create or activate the price list Jobs") as string,
    },
    { problem: "products_missing", warns: true, found: "none of 0 products" },
  ]);
  const list = await priceList("Jobs");
  await product("F-1");
  expect(await findings("Jobs")).toEqual([]);
  await priceList("Jobs");
  expect(await findings("Jobs")).toMatchObject([
    { problem: "price_list_missing", found: "2 of that name" },
  ]);
  const inactive = { statecode: 1, statuscode: 100_002 };
  await door.environment.call("PATCH", `pricelevels(${list})`, inactive);
  expect(await findings("Jobs")).toEqual([]);
});

test("numbers several active products share are told of, and they block nothing", async () => {
  door = await openDoor();
  await addPublisher(door.environment);
  const { product, priceList } = await aCatalogue(door.environment);
  await priceList("Jobs");
  await door.environment.call(
    "DELETE",
    "EntityDefinitions(LogicalName='product')/Keys(LogicalName='product_productnumber')",
  );
  for (const number of ["F-1", "f-1", "G-1"]) await product(number);
  expect(await findings("Jobs")).toMatchObject([
    { problem: "product_shared", warns: true, found: "f-1" },
  ]);
});
