import {
  choice,
  type ColumnDraft,
  decimal,
  flag,
  integer,
  memo,
  money,
  readOnly,
  text,
} from "./columns.ts";

/** What the lines of opportunities and invoices have in common. */
export function lineColumns(): ColumnDraft[] {
  return [
    flag("IsProductOverridden", false, { validForUpdate: false }),
    text("ProductDescription", 500),
    memo("Description", 2_000),
    decimal("Quantity", 5),
    money("PricePerUnit"),
    flag("IsPriceOverridden", false),
    money("ManualDiscountAmount", { min: 0, max: 1_000_000_000_000 }),
    money("Tax", { min: 0, max: 1_000_000_000_000 }),
    money("VolumeDiscountAmount", readOnly),
    money("BaseAmount", readOnly),
    money("ExtendedAmount", readOnly),
    integer("LineItemNumber", 0, 1_000_000_000),
    integer("SequenceNumber", 0),
    choice("PricingErrorCode", { 0: "None", 1: "Detail Error" }, { default: 0 }),
    choice(
      "ProductTypeCode",
      { 1: "Product", 2: "Bundle", 3: "Required Bundle Product", 5: "Project-based Service" },
      { default: 1 },
    ),
    choice(
      "SkipPriceCalculation",
      { 0: "DoPriceCalcAlways", 1: "SkipPriceCalcOnRetrieve" },
      { default: 0 },
    ),
  ];
}
