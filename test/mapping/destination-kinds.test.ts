import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CutoverError } from "../../pipeline/core/errors.ts";
import type { DestinationKind } from "../../pipeline/core/plan.ts";
import { compilePlan } from "../../pipeline/mapping/compile.ts";
import { destinationOf } from "../../pipeline/mapping/destination.ts";
import { destinationKinds } from "../../pipeline/mapping/destinations/rules-of.ts";
import { withPrefix } from "../../pipeline/mapping/publisher-prefix.ts";
import { aJob } from "../builders.ts";
import { decided, type GivenSettings } from "../../pipeline/mapping/settings.ts";

const mappings = join(import.meta.dirname, "../../pipeline/mapping");

function compiled(
  destination: DestinationKind,
  settings: GivenSettings = {},
  publisherPrefix?: string,
  folder = join(mappings, destination),
) {
  const prefix = publisherPrefix === undefined ? {} : { publisherPrefix };
  return compilePlan({ folder, settings, destination, hash: "x", ...prefix });
}

/** A copy of a destination's mappings with one text of one file replaced. */
function changed(destination: DestinationKind, file: string, from: string, to: string): string {
  const folder = mkdtempSync(join(tmpdir(), "cutover-kinds-"));
  cpSync(join(mappings, destination), folder, { recursive: true });
  const text = readFileSync(join(folder, file), "utf8");
  expect(text).toContain(from);
  writeFileSync(join(folder, file), text.replace(from, to));
  return folder;
}

function faultOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof CutoverError && error.code === "MAPPING_INVALID") return error.message;
    throw error;
  }
  throw new Error("It compiled.");
}

test("each kind of destination compiles from its own folder, standard fields and defaults", () => {
  for (const kind of destinationKinds) {
    const { plan, customFields } = compiled(kind);
    const { isCustom } = destinationOf(kind, "qd").rules;
    expect(plan.objects.length).toBeGreaterThan(10);
    const names = [...customFields.values()].flat().map(({ name }) => name);
    expect(names.filter((name) => !isCustom(name))).toEqual([]);
  }
});

test("defaults follow the kind and its edition, and what is set counts", () => {
  const settings = (kind: DestinationKind, given: GivenSettings) => {
    const faults: string[] = [];
    const all = decided(destinationOf(kind, "qd").rules.settings, given, faults);
    expect(faults).toEqual([]);
    return all;
  };
  expect(settings("salesforce", {})).toMatchObject({ crew: "junction", invoices: "object" });
  expect(settings("salesforce", {})).not.toHaveProperty("edition");
  expect(settings("dynamics", {})).toMatchObject({ edition: "enterprise", crew: "rows" });
  const professional = settings("dynamics", { edition: "professional", lines: "merged" });
  expect(professional).toMatchObject({ crew: "json", invoices: "json", lines: "merged" });
});

test.each<[DestinationKind, GivenSettings, string]>([
  ["salesforce", { edition: "professional" }, "settings.edition: the destination has no"],
  ["salesforce", { crew: "json" }, "no json: choose junction or team"],
  ["dynamics", { crew: "team" }, "no team: choose rows or json"],
  ["dynamics", { edition: "professional", technicians: "table" }, "no table: choose users"],
  ["dynamics", { products: "catalogue" }, "no catalogue: it has no such setting"],
  ["dynamics", { price_list: "Jobs" }, "no Jobs: it has no such setting"],
])("a setting %s does not offer is refused: %j", (kind, settings, message) => {
  expect(faultOf(() => compiled(kind, settings))).toContain(message);
});

test("another publisher's prefix stands in every custom name, and in nothing a person says", () => {
  const usual = compiled("dynamics");
  const other = compiled("dynamics", {}, "acme");
  const text = JSON.stringify([other.plan, [...other.customFields], [...other.customTables]]);
  expect(text).not.toContain('"qd_');
  expect(text).toContain('"acme_sourcekey"');
  expect(other.plan.objects.map(({ object }) => object.replace(/^acme_/, "qd_"))).toEqual(
    usual.plan.objects.map(({ object }) => object),
  );
  const said = { values: "kind", table: { qd_old: "qd_old" }, key: "qd_key", constant: "qd_x" };
  expect(withPrefix({ qd_kind: { ...said, overflow: "qd_whole" } }, "acme")).toEqual({
    acme_kind: { ...said, overflow: "acme_whole" },
  });
});

test("a custom table is declared once, and only where tables are declared", () => {
  const { customTables, plan } = compiled("dynamics");
  const custom = plan.objects.filter(({ object }) => object.startsWith("qd_"));
  expect([...customTables.keys()].sort()).toEqual(
    [...new Set(custom.map(({ object }) => object))].sort(),
  );
  const without = changed("dynamics", "service-order.yaml", "custom_table:", "not_a_table:");
  expect(faultOf(() => compiled("dynamics", {}, undefined, without))).toContain("service-order");
  const table = "object: Case\ncustom_table: { label: Job, plural: Jobs }\n";
  const foreign = changed("salesforce", "case.yaml", "object: Case\n", table);
  expect(faultOf(() => compiled("salesforce", {}, undefined, foreign))).toContain(
    "case.yaml: custom_table: Case is no table to be declared here",
  );
});

test("what is found by a rule, or known by its primary key, says so in the plan", () => {
  const { plan } = compiled("dynamics");
  const of = (object: string, entity: string) =>
    plan.objects.find((each) => each.object === object && each.entity === entity);
  expect(of("contact", "contact")).toMatchObject({
    identity: "external_id",
    find: { by: ["emailaddress1"] },
  });
  expect(of("annotation", "note")).toMatchObject({
    identity: "primary_key",
    keyField: "",
    idField: "",
  });
  const unfilled = changed("dynamics", "contact.yaml", "by: [emailaddress1]", "by: [fax]");
  expect(faultOf(() => compiled("dynamics", {}, undefined, unfilled))).toContain(
    "contact.yaml: find: fax is filled by no field of the mapping",
  );
});

test("a choice nobody defined is a misfit where the destination's choices are closed", () => {
  const yaml = (object: string, field: string) =>
    `- { entity: job, object: ${object}, key: size, field: ${field}, type: choice, values: [Small], restricted: false }\n`;
  const choice = (kind: DestinationKind, object: string, field: string) => {
    const folder = mkdtempSync(join(tmpdir(), "cutover-kinds-"));
    cpSync(join(mappings, kind), folder, { recursive: true });
    writeFileSync(join(folder, "custom-properties.yaml"), yaml(object, field));
    const { mappers } = compiled(kind, {}, undefined, folder);
    const mapper = mappers.get("job")?.find((each) => each.object === object);
    const custom = [{ key: "size", label: "Size", value: "Huge", type_guess: "text" }];
    const version = { run: 1, topic: "m.source.job", partition: 0, offset: 0 };
    const result = mapper?.map(aJob({ custom }), { version, committedAt: 0 });
    return result?.kind === "mapped" ? result.record.fields?.[field] : result;
  };
  expect(choice("salesforce", "Case", "Size__c")).toBe("Huge");
  expect(choice("dynamics", "qd_serviceorder", "qd_size")).toBe(null);
});

test("what would hold under a setting the destination never has is refused", () => {
  const never = changed("salesforce", "case.yaml", "{ invoices: json }", "{ schedule: blocks }");
  expect(faultOf(() => compiled("salesforce", {}, undefined, never))).toContain(
    "case.yaml: setting: the destination never has schedule: blocks",
  );
});
