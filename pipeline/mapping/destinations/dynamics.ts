import type { DestinationRules } from "./destination-rules.ts";

/** What the mapping compiler knows of Dynamics 365; custom names begin with the publisher's prefix. */
export function dynamics(prefix: string): DestinationRules {
  return {
    kind: "dynamics",
    title: "Dynamics 365",
    settings: (edition) => ({
      edition: ["enterprise", "professional"],
      audit_fields: [false, true],
      further_sites: ["accounts", "text"],
      shared_contacts: ["copies", "relations"],
      customers_without_work: ["account", "historical", "lead"],
      lines: ["rows", "merged"],
      // Opportunities stand for work orders where there is no table for these.
      ...(edition === "professional"
        ? { products: ["write_in", "catalogue"], price_list: ["Standard"] }
        : {}),
      technicians: edition === "professional" ? ["users"] : ["users", "table"],
      crew: edition === "professional" ? ["json", "rows"] : ["rows", "json"],
      schedule: ["columns", "blocks", "activities"],
      notes: ["annotations", "table"],
      invoices:
        edition === "professional"
          ? ["json", "business_central", "none"]
          : ["object", "json", "business_central", "none"],
    }),
    isCustom: (name) => name.startsWith(`${prefix}_`),
    customForm: `a logical name beginning with ${prefix}_`,
    examples: {
      sourceKey: `${prefix}_sourcekey: { source_key: id }`,
      sourceId: `${prefix}_sourcesystemid: { copy: id }`,
      misfits: `${prefix}_custommisfits: { misfits: custom }`,
    },
    declaresTables: true,
    openChoices: false,
    lengths: {
      string: 100,
      textarea: 2_000,
      email: 100,
      phone: 100,
      url: 100,
      picklist: 100,
      multipicklist: 4_000,
    },
    longestText: 1_048_576,
    years: [1753, 9999],
    longestEventDays: undefined,
    relationship: () => undefined,
    carrier: (object) => object,
    properties: {
      prefix: `${prefix}_`,
      suffix: "",
      stemLength: 41,
      joint: "",
      word: (text) => text.toLowerCase(),
      reserved: new Set(),
      filler: "property",
      labelLength: 100,
      urlLength: 255,
      // A decimal column ends at a hundred thousand million.
      digits: { whole: 11, places: 10 },
    },
  };
}
