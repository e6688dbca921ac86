import type { DynamicsClient } from "../client.ts";
import { foldedName } from "../product-names.ts";
import { catalogueOf } from "./environment.ts";
import type { DynamicsFinding } from "./finding.ts";
import type { SchemaOptions } from "./options.ts";

const byHand = { field: null, creatable: false } as const;
/** Names said of many. */
const mostNames = 10;

/** What of a catalogue is missing for lines that are to be of it. */
export async function catalogueFindings(
  client: DynamicsClient,
  { priceList }: SchemaOptions,
): Promise<DynamicsFinding[]> {
  if (priceList === undefined) return [];
  const hidden: DynamicsFinding[] = [];
  for (const table of ["product", "uom", "pricelevel"]) {
    if ((await client.metadata.table(table)) === undefined) hidden.push(tableHidden(table));
  }
  if (hidden.length > 0) return hidden;
  const { priceLists, products } = await catalogueOf(client);
  return [...priceListFindings(priceList, priceLists), ...productFindings(products)];
}

interface Named {
  readonly name: string;
  readonly active: boolean;
}

function tableHidden(object: string): DynamicsFinding {
  const remedy = "grant our application user read access to it, or set products: write_in";
  const is = { expected: "table", found: "no such table for our user" };
  return { problem: "object_not_permitted", object, ...byHand, ...is, remedy };
}

function priceListFindings(wanted: string, lists: readonly Named[]): DynamicsFinding[] {
  const active = lists.filter(({ active }) => active);
  const some = active.filter(({ name }) => name === wanted);
  if (some.length === 1) return [];
  const names = listed(active.map(({ name }) => name));
  const found = some.length > 1 ? `${some.length} of that name` : names || "no active price list";
  const remedy =
    some.length > 1
      ? "rename or deactivate all but one, or name another in settings.price_list"
      : `create or activate the price list ${wanted}, or name another in settings.price_list`;
  const expected = `one active price list named ${wanted}`;
  return [
    { problem: "price_list_missing", object: "pricelevel", ...byHand, expected, found, remedy },
  ];
}

function productFindings(products: readonly Named[]): DynamicsFinding[] {
  const at = { object: "product", ...byHand, warns: true } as const;
  const active = products.filter((product) => product.active);
  if (active.length === 0) {
    const is = { expected: "active products", found: `none of ${products.length} products` };
    const remedy =
      "create or activate products whose number is a SKU or service type of the source, or set products: write_in; lines without one are written in";
    return [{ problem: "products_missing", ...at, ...is, remedy }];
  }
  const same = [...Map.groupBy(active, ({ name }) => foldedName(name))];
  const shared = same.filter(([, some]) => some.length > 1).map(([name]) => name);
  if (shared.length === 0) return [];
  const is = { expected: "a number for each active product", found: listed(shared) };
  const remedy = "give each a number of its own: lines that name a shared one are written in";
  return [{ problem: "product_shared", ...at, ...is, remedy }];
}

function listed(names: readonly string[]): string {
  const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : "";
  return `${names.slice(0, mostNames).join(", ")}${more}`;
}
