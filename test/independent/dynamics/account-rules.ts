import { amount, text } from "../canonical-text.ts";
import { parentOf } from "../customer-rules.ts";
import { position } from "../job-facts.ts";
import {
  type Columns,
  idOf,
  type Need,
  type ObjectRule,
  ownerOf,
  type Parts,
  referenceTo,
  type Row,
} from "../rule.ts";
import type { Presence } from "../presence.ts";
import { canonicalJson, cut, joined, whole } from "./forms.ts";
import { head, keyText } from "./head.ts";

const customerKinds: Readonly<Record<string, string>> = {
  residential: "Residential",
  commercial: "Commercial",
  other: "Other",
};

/** Customers, and each of their sites as an account below. */
export const accountRules: readonly ObjectRule[] = [
  {
    object: "account",
    entity: "customer",
    wrong: (row) => (text(row["name"]) === null ? "a customer without a name" : undefined),
    needs: (row, presence) => [parentOf(row, presence)],
    columns: customerColumns,
  },
  {
    object: "account",
    entity: "service_location",
    needs: (row, presence) => [customerOf(row, presence)],
    columns: siteColumns,
  },
];

function customerColumns(row: Row, id: string, parts: Parts): Columns {
  const sites = sitesOf(id, parts);
  const main = mainOf(row, sites);
  return {
    ...head(row, id, parts),
    name: cut(text(row["name"]), 160),
    qd_fullname: whole(text(row["name"]), 160),
    parentaccountid: referenceTo(parts, parentOf(row, parts.presence)),
    ownerid: ownerOf(parts, "user", row["account_manager_id"]),
    qd_sourceowner: keyText("user", row["account_manager_id"]),
    accountnumber: cut(text(row["account_number"]), 20),
    qd_fullaccountnumber: whole(text(row["account_number"]), 20),
    telephone1: text(row["phone"]),
    websiteurl: text(row["website"]),
    emailaddress1: text(row["email"]),
    ...addressColumns("address1", main),
    ...addressColumns(
      "address2",
      sites.find((site) => site !== main),
    ),
    qd_serviceaddresscount: String(sites.length),
    qd_accountkind: "Customer",
    qd_customerkind: customerKinds[String(row["kind"])] ?? null,
    qd_accountmanageremail: text(row["owner_email"]),
    qd_creditstatus: text(row["credit_status"]),
    creditlimit: amount(row["credit_limit"]),
    qd_balance: amount(row["balance"]),
    qd_currency: text((row["balance"] as { currency?: string } | null)?.currency),
    qd_taxexempt: String(row["tax_exempt"] === true),
    qd_donotservice: String(row["do_not_service"] === true),
    qd_preferredwindows: canonicalJson(row["preferred_windows"]),
    qd_tags: joined(row["tags"]),
  };
}

function siteColumns(row: Row, id: string, parts: Parts): Columns {
  const named = ["label", "line1", "city"].map((name) => text(row[name])).find(Boolean) ?? id;
  const { lat, lng, asSent } = position(row);
  return {
    ...head(row, id, parts),
    name: cut(named, 160),
    qd_fullname: whole(named, 160),
    parentaccountid: referenceTo(parts, customerOf(row, parts.presence)),
    qd_accountkind: "Site",
    qd_sitekind: text(row["kind"]),
    ...addressColumns("address1", row),
    qd_lat: lat,
    qd_long: lng,
    qd_positionassent: asSent,
    qd_geoquality: text(row["geo_quality"]),
    qd_zonekey: keyText("zone", row["zone_id"]),
    qd_accessnotes: text(row["access_notes"]),
    qd_isprimarysite: String(row["is_primary"] === true),
    qd_tags: joined(row["tags"]),
  };
}

function customerOf(row: Row, presence: Presence): Need {
  return { entity: "customer", id: presence.customer(row["customer_id"]), clears: true };
}

/** A customer's living sites, the oldest id first. */
function sitesOf(customer: string, { truth, presence }: Parts): readonly Row[] {
  return [...truth.service_location.values()]
    .filter(({ deleted, row }) => !deleted && presence.customer(row["customer_id"]) === customer)
    .sort((a, b) => Number(a.id) - Number(b.id))
    .map(({ row }) => row);
}

/** The one the customer names, else the one that calls itself primary, else one for bills, else the first. */
function mainOf(row: Row, sites: readonly Row[]): Row | undefined {
  return (
    sites.find((site) => site["id"] === idOf(row["billing_address_id"])) ??
    sites.find((site) => site["is_primary"] === true) ??
    sites.find((site) => site["kind"] === "billing") ??
    sites[0]
  );
}

function addressColumns(name: string, site: Row | undefined): Columns {
  const part = (field: string) => text(site?.[field]);
  return {
    [`${name}_line1`]: part("line1"),
    [`${name}_line2`]: part("line2"),
    [`${name}_city`]: part("city"),
    [`${name}_stateorprovince`]: part("region"),
    [`${name}_postalcode`]: part("postal_code"),
    [`${name}_country`]: part("country"),
  };
}
