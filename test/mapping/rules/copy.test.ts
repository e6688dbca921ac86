import { expect, test } from "vitest";
import type { ServiceLocation } from "../../../pipeline/core/generated/records.ts";
import { aMeta, envelope } from "../../builders.ts";
import { fieldsOf } from "../default-mappings.ts";

const asAccounts = { settings: { further_sites: "accounts" } } as const;

function aSite(changes: Partial<ServiceLocation> = {}): ServiceLocation {
  return {
    ...envelope,
    meta: aMeta(),
    id: "21",
    customer_id: "1",
    label: "Shop",
    kind: "service",
    line1: "46  Garden St",
    line2: "Unit 4",
    city: "Boston",
    region: "MA",
    postal_code: "2114.0",
    country: "US",
    lat: "42.36",
    lng: "-71.06",
    geo_quality: "exact",
    zone_id: "1",
    access_notes: null,
    is_primary: false,
    tags: [],
    ...changes,
  };
}

test("a site is an account below its customer's, its address as written", () => {
  expect(fieldsOf("service_location", aSite(), asAccounts)).toMatchObject({
    Name: "Shop",
    ParentId: "customer-1",
    BillingStreet: "46  Garden St\nUnit 4",
    BillingPostalCode: "2114.0",
    Zone_Key__c: "zone-1",
  });
});

test("of several fields the first that has a text is taken", () => {
  const name = (changes: Partial<ServiceLocation>) =>
    fieldsOf("service_location", aSite(changes), asAccounts)["Name"];
  expect(name({ label: " " })).toBe("46  Garden St");
  expect(name({ label: null, line1: null })).toBe("Boston");
  expect(name({ label: null, line1: null, city: null })).toBe("21");
});

test.each([
  [{ lat: "0.0", lng: "0" }],
  [{ lat: "42.3594", lng: "-71.05870" }],
  [{ lat: "-71.06", lng: "42.36" }],
  [{ lat: "n/a", lng: "n/a" }],
])("the position %j is no place, and is kept as sent", (position) => {
  expect(fieldsOf("service_location", aSite(position), asAccounts)).toMatchObject({
    Latitude__c: null,
    Longitude__c: null,
    Position_As_Sent__c: `${position.lat}, ${position.lng}`,
  });
});
