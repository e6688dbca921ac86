import { text } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lineColumns } from "./lines.ts";
import { lookup } from "./relationship.ts";

/** A line of an opportunity: a product of the catalogue, or written in. */
export const opportunityProduct: Standard = standard("opportunityproduct", {
  set: "opportunityproducts",
  code: 1083,
  schemaName: "OpportunityProduct",
  displayName: "Opportunity Product",
  name: "opportunityproductname",
  ownership: "None",
  states: undefined,
  messages: ["CreateMultiple", "UpdateMultiple", "UpsertMultiple"],
  columns: [text("OpportunityProductName", 500), ...lineColumns()],
  lookups: [
    lookup(
      "OpportunityId",
      [{ to: "opportunity", as: "product_opportunities", onDelete: "Cascade" }],
      {
        required: "SystemRequired",
        validForUpdate: false,
      },
    ),
    lookup("ProductId", [{ to: "product", as: "opportunity_products", onDelete: "Restrict" }]),
    lookup("UoMId", [
      { to: "uom", as: "unit_of_measurement_opportunity_products", onDelete: "Restrict" },
    ]),
  ],
});
