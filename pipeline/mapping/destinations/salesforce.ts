import type { DestinationRules } from "./destination-rules.ts";

/** Words that Apex, SOQL or the platform keep for themselves; a field named so cannot be used in code. */
const reserved: ReadonlySet<string> = new Set(
  (
    "id name select from where group order by limit and or not in like null true false date datetime time " +
    "case class new return if else for while do switch try catch finally throw this super static void int " +
    "long double decimal string boolean object list map set type user account contact event task case__c " +
    "owner ownerid createddate createdby lastmodifieddate systemmodstamp isdeleted recordtype recordtypeid"
  ).split(" "),
);

/** What the mapping compiler knows of Salesforce. */
export const salesforce: DestinationRules = {
  kind: "salesforce",
  title: "Salesforce",
  settings: () => ({
    audit_fields: [false, true],
    further_sites: ["text", "accounts"],
    shared_contacts: ["relations", "copies"],
    crew: ["junction", "team"],
    long_notes: ["split", "file"],
    invoices: ["object", "json", "none"],
  }),
  isCustom: (name) => name.endsWith("__c"),
  customForm: "an API name ending in __c",
  examples: {
    sourceKey: "Source_Key__c: { source_key: id }",
    sourceId: "Source_System_ID__c: { copy: id }",
    misfits: "Custom_Misfits__c: { misfits: custom }",
  },
  declaresTables: false,
  openChoices: true,
  lengths: {
    string: 255,
    textarea: 32_768,
    email: 80,
    phone: 40,
    url: 255,
    picklist: 255,
    multipicklist: 4_099,
  },
  longestText: 131_072,
  years: [1700, 4000],
  longestEventDays: 14,
  relationship: (field) => field.replace(/__c$/, "__r").replace(/Id$/, ""),
  // Task and Event share the custom fields of Activity.
  carrier: (object) => (object === "Task" || object === "Event" ? "Activity" : object),
  properties: {
    prefix: "",
    suffix: "__c",
    // With the suffix 40.
    stemLength: 37,
    joint: "_",
    word: (text) => text.charAt(0).toUpperCase() + text.slice(1),
    reserved,
    filler: "Property",
    labelLength: 40,
    urlLength: undefined,
    digits: { whole: 18, places: 17 },
  },
};
