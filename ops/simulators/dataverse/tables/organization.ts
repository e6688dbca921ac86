import { decimal, flag, integer, memo, readOnly, text } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { lookup } from "./relationship.ts";

const organizationOwned = { ownership: "OrganizationOwned" } as const;
const whole = { ownership: "None", states: undefined } as const;

/** A currency; the one of the organization has the rate 1. */
export const transactionCurrency: Standard = standard("transactioncurrency", {
  set: "transactioncurrencies",
  code: 9105,
  schemaName: "TransactionCurrency",
  displayName: "Currency",
  name: "currencyname",
  ...organizationOwned,
  columns: [
    text("CurrencyName", 100, { required: "SystemRequired" }),
    text("ISOCurrencyCode", 5, { required: "SystemRequired", validForUpdate: false }),
    text("CurrencySymbol", 13),
    integer("CurrencyPrecision", 0, 4, { default: 2 }),
    decimal("ExchangeRate", 12, [0.000000000001, 100_000_000_000], {
      required: "SystemRequired",
      default: 1,
    }),
  ],
});

/** A sales territory; no two have the same name. */
export const territory: Standard = standard("territory", {
  set: "territories",
  code: 2013,
  displayName: "Territory",
  name: "name",
  ...organizationOwned,
  states: undefined,
  keys: { territory_name: ["name"] },
  messages: ["CreateMultiple", "UpdateMultiple"],
  columns: [text("Name", 200, { required: "SystemRequired" }), memo("Description", 2_000)],
  lookups: [
    lookup("ManagerId", [{ to: "systemuser", as: "system_user_territories" }]),
    lookup("ParentTerritoryId", [{ to: "territory", as: "territory_parent_territory" }]),
  ],
});

/** The environment itself. */
export const organization: Standard = standard("organization", {
  set: "organizations",
  code: 1019,
  name: "name",
  ...whole,
  columns: [
    text("Name", 160),
    integer("MaxUploadFileSize", 0, 131_072 * 1_024),
    text("BlockedAttachments", 4_000),
    integer("LanguageCode", 0),
    flag("IsAuditEnabled", false),
    flag("IsDuplicateDetectionEnabled", true),
    integer("CurrencyDecimalPrecision", 0, 4, { default: 2 }),
    // Prices have so many places at first; their definitions say the same.
    integer("PricingDecimalPrecision", 0, 4, { default: 2 }),
    text("SchemaNamePrefix", 8, readOnly),
  ],
  lookups: [
    lookup(
      "BaseCurrencyId",
      [{ to: "transactioncurrency", as: "basecurrency_organization", onDelete: "Restrict" }],
      readOnly,
    ),
  ],
});
