import { choice, date, decimal, flag, integer, memo, money, type States, text } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lookup } from "./relationship.ts";

const productStates: States = [
  ["Active", [[1, "Active"]]],
  ["Retired", [[2, "Retired"]]],
  ["Draft", [[0, "Draft"]]],
  ["Under Revision", [[3, "Under Revision"]]],
];
const priceStates: States = [
  ["Active", [[100001, "Active"]]],
  ["Inactive", [[100002, "Inactive"]]],
];
const organization = { ownership: "OrganizationOwned" } as const;

/** A product of the catalogue. A new one is a draft for the forms; here it is active at once, as by the setting `createproductswithoutparentinactivestate`. */
export const product: Standard = standard("product", {
  set: "products",
  code: 1024,
  name: "name",
  ...organization,
  states: productStates,
  hasNotes: true,
  messages: ["CreateMultiple", "UpdateMultiple"],
  keys: { product_productnumber: ["productnumber"] },
  columns: [
    text("Name", 100, { required: "SystemRequired" }),
    text("ProductNumber", 100, { required: "SystemRequired" }),
    memo("Description", 2_000),
    integer("QuantityDecimal", 0, 5, { required: "SystemRequired" }),
    money("Price"),
    money("StandardCost"),
    money("CurrentCost"),
    choice(
      "ProductTypeCode",
      { 1: "Sales Inventory", 2: "Miscellaneous Charges", 3: "Services", 4: "Flat Fees" },
      { default: 1 },
    ),
    choice(
      "ProductStructure",
      { 1: "Product", 2: "Product Family", 3: "Product Bundle" },
      { default: 1 },
    ),
    flag("IsStockItem", false),
    date("ValidFromDate"),
    date("ValidToDate"),
    text("VendorName", 100),
    text("SupplierName", 100),
  ],
  lookups: [
    lookup(
      "DefaultUoMId",
      [{ to: "uom", as: "unit_of_measurement_products", onDelete: "Restrict" }],
      {
        required: "SystemRequired",
      },
    ),
    lookup(
      "DefaultUoMScheduleId",
      [{ to: "uomschedule", as: "unit_of_measurement_schedule_products", onDelete: "Restrict" }],
      {
        required: "SystemRequired",
      },
    ),
    lookup("PriceLevelId", [{ to: "pricelevel", as: "price_level_products" }]),
    lookup("ParentProductId", [{ to: "product", as: "product_parent_product" }]),
  ],
});

/** A price list. */
export const priceLevel: Standard = standard("pricelevel", {
  set: "pricelevels",
  code: 1022,
  schemaName: "PriceLevel",
  displayName: "Price List",
  name: "name",
  ...organization,
  states: priceStates,
  columns: [
    text("Name", 100, { required: "SystemRequired" }),
    memo("Description", 2_000),
    date("BeginDate"),
    date("EndDate"),
  ],
  lookups: [
    lookup("TransactionCurrencyId", [
      { to: "transactioncurrency", as: "transactioncurrency_pricelevel" },
    ]),
  ],
});

/** What a product costs on a price list. */
export const productPriceLevel: Standard = standard("productpricelevel", {
  set: "productpricelevels",
  code: 1026,
  schemaName: "ProductPriceLevel",
  displayName: "Price List Item",
  ownership: "None",
  states: undefined,
  columns: [
    money("Amount"),
    decimal("Percentage", 5),
    choice("PricingMethodCode", { 1: "Currency Amount" }, { default: 1 }),
    choice(
      "QuantitySellingCode",
      { 1: "No Control", 2: "Whole", 3: "Whole and Fractional" },
      { default: 1 },
    ),
  ],
  lookups: [
    lookup(
      "PriceLevelId",
      [{ to: "pricelevel", as: "price_level_product_price_levels", onDelete: "Cascade" }],
      {
        required: "SystemRequired",
      },
    ),
    lookup("ProductId", [{ to: "product", as: "product_price_levels", onDelete: "Cascade" }], {
      required: "SystemRequired",
    }),
    lookup(
      "UoMId",
      [{ to: "uom", as: "unit_of_measurement_product_price_level", onDelete: "Restrict" }],
      {
        required: "SystemRequired",
      },
    ),
  ],
});
