import { choice, type ColumnDraft, double, integer, text } from "./columns.ts";

/** The columns of one of the addresses a row carries itself. */
export function addressColumns(number: 1 | 2 | 3): ColumnDraft[] {
  const name = (rest: string): string => `Address${number}_${rest}`;
  return [
    choice(name("AddressTypeCode"), { 1: "Default Value" }),
    text(name("Name"), 200),
    text(name("Line1"), 250),
    text(name("Line2"), 250),
    text(name("Line3"), 250),
    text(name("City"), 80),
    text(name("StateOrProvince"), 50),
    text(name("PostalCode"), 20),
    text(name("Country"), 80),
    text(name("County"), 50),
    text(name("PostOfficeBox"), 20),
    text(name("Telephone1"), 50, { format: "Phone" }),
    text(name("Telephone2"), 50, { format: "Phone" }),
    text(name("Telephone3"), 50, { format: "Phone" }),
    text(name("Fax"), 50),
    text(name("PrimaryContactName"), 100),
    double(name("Latitude"), 5, [-90, 90]),
    double(name("Longitude"), 5, [-180, 180]),
    integer(name("UTCOffset"), -1_500, 1_500),
    {
      schemaName: name("Composite"),
      type: "virtual",
      validForCreate: false,
      validForUpdate: false,
    },
    { schemaName: name("AddressId"), type: "uniqueidentifier" },
  ];
}

/** The columns of a shipping or billing address of an order. */
export function placeColumns(prefix: "BillTo" | "ShipTo"): ColumnDraft[] {
  const lines: readonly (readonly [string, number])[] = [
    ["Name", 200],
    ["Line1", 4_000],
    ["Line2", 4_000],
    ["Line3", 4_000],
    ["City", 80],
    ["StateOrProvince", 50],
    ["PostalCode", 20],
    ["Country", 80],
    ["Telephone", 50],
    ["Fax", 50],
  ];
  return lines.map(([name, length]) => text(`${prefix}_${name}`, length));
}
