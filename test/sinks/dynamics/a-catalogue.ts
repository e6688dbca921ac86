import type { EnvironmentClient } from "../../simulators/dataverse/environment-client.ts";

/** An environment with a unit, price lists and products. */
export interface ACatalogue {
  readonly unit: string;
  readonly product: (number: string, own?: object) => Promise<string>;
  readonly priceList: (name: string) => Promise<string>;
}

/** Makes what a catalogue needs before it has a product. */
export async function aCatalogue(raw: EnvironmentClient): Promise<ACatalogue> {
  const group = await raw.create("uomschedules", { name: "Units", baseuomname: "Each" });
  const unit = await raw.create("uoms", {
    ...{ name: "Each", quantity: 1 },
    "uomscheduleid@odata.bind": `/uomschedules(${group})`,
  });
  return {
    unit,
    product: (productnumber, own) =>
      raw.create("products", {
        ...{ name: productnumber, productnumber, quantitydecimal: 2 },
        "defaultuomid@odata.bind": `/uoms(${unit})`,
        "defaultuomscheduleid@odata.bind": `/uomschedules(${group})`,
        ...own,
      }),
    priceList: (name) => raw.create("pricelevels", { name }),
  };
}
