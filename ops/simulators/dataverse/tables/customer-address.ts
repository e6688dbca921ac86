import { double, integer, plain, text, time } from "./columns.ts";
import { type Standard, standard } from "./define.ts";
import { customer } from "./relationship.ts";

/** The addresses of accounts and contacts as rows of their own. */
export const customerAddress: Standard = standard("customeraddress", {
  set: "customeraddresses",
  code: 1071,
  schemaName: "CustomerAddress",
  displayName: "Address",
  name: "name",
  ownership: "BusinessOwned",
  states: undefined,
  columns: [
    text("Name", 200),
    integer("AddressNumber"),
    plain("ObjectTypeCode", "entityname", { validForUpdate: false }),
    ...["Line1", "Line2", "Line3"].map((name) => text(name, 250)),
    text("City", 80),
    text("StateOrProvince", 50),
    text("PostalCode", 20),
    text("Country", 80),
    text("County", 50),
    text("Telephone1", 50),
    text("Telephone2", 50),
    text("Fax", 50),
    double("Latitude", 5, [-90, 90]),
    double("Longitude", 5, [-180, 180]),
    time("LastOnHoldTime"),
  ],
  lookups: [
    {
      ...customer("ParentId", ["Account_CustomerAddress", "Contact_CustomerAddress"], "Cascade"),
      type: "lookup",
    },
  ],
});
