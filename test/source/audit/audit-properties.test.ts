import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { customPropertiesSchema } from "../../../pipeline/mapping/custom-properties.ts";
import { salesforce } from "../../../pipeline/mapping/destinations/salesforce.ts";
import { auditProperties } from "../../../pipeline/source/audit/audit-properties.ts";
import type { SourceHttp } from "../../../pipeline/source/http.ts";
import { loadProfile } from "../../../pipeline/source/profile.ts";
import { replyOf } from "../../../pipeline/source/reply.ts";

vi.stubEnv("QD_BASE_URL", "https://api.tenant.example");
vi.stubEnv("QD_CLIENT_ID", "reader");
vi.stubEnv("QD_CLIENT_SECRET", "hush-hush");
const profile = loadProfile(
  join(import.meta.dirname, "../../../pipeline/source/profiles/export-feed.yaml"),
);

/** A tenant that answers these rows, each list in one page; 404 for a list it does not have. */
function tenant(lists: Readonly<Record<string, readonly object[] | undefined>>): SourceHttp {
  return {
    get(path) {
      const data = lists[path];
      const text = JSON.stringify(data === undefined ? {} : { data, hasMore: false });
      const [status, now] = [data === undefined ? 404 : 200, Date.now()];
      return Promise.resolve(
        replyOf({ status, headers: {}, text, requestedAt: now, receivedAt: now }),
      );
    },
    file: () => Promise.reject(new Error("an audit fetches no files")),
    close: () => Promise.resolve(),
  };
}

const jobs = Array.from({ length: 40 }, (_, at) => ({
  id: at + 1,
  jobStatus: "Done",
  customFields: [
    { name: "level", label: "Level", value: at === 0 ? "Old" : ["Gold", "Silver"][at % 2] },
    { name: "age", label: "Age", value: at },
    { name: "age_2", label: "Age", value: `${at} units` },
    { name: "Id", label: "Select", value: ["a"] },
    { name: "total", label: "x".repeat(300), value: "1.25" },
  ],
}));
const definition = { id: 1, entity: "job", name: "level", label: "Service level", active: true };
const level = { ...definition, dataType: "picklist", options: ["Gold", "Silver", "Bronze"] };
const unseen = { ...definition, id: 2, name: "unseen", label: null, dataType: "date" };

async function audited(definitions: readonly object[] | undefined) {
  const http = tenant({
    "/export/jobs": jobs,
    "/export/custom-property-definitions": definitions,
  });
  const { signal } = new AbortController();
  const found = await auditProperties({
    ...{ profile, http, entity: "job", object: "Case", fields: salesforce.properties, signal },
    taken: ["Total__c"],
  });
  expect(customPropertiesSchema.parse(found)).toEqual(found);
  return new Map(found.map((property) => [property.key, property]));
}

test("definitions are believed where the jobs bear them out, and what nobody defined is concluded from the jobs", async () => {
  const found = await audited([level, unseen]);
  expect(found.get("level")).toMatchObject({
    ...{ field: "Level__c", label: "Service level", type: "choice", restricted: true },
    ...{ values: level.options, evidence: { from: "definition", seen: 40, misfits: 1 } },
  });
  expect(found.get("unseen")).toMatchObject({ type: "date", evidence: { seen: 0, misfits: 0 } });
  expect(found.get("age")).toMatchObject({ type: "number", evidence: { from: "values" } });
});

test("without definitions every property seen gets a type and a name of its own", async () => {
  const found = await audited(undefined);
  expect([...found.keys()]).toEqual(["Id", "age", "age_2", "level", "total"]);
  expect(found.get("level")).toMatchObject({ type: "choice", restricted: false });
  expect(found.get("age_2")).toMatchObject({ field: "Age_2__c", type: "text" });
  expect(found.get("Id")).toMatchObject({ field: "Id_Property__c", type: "multi_choice" });
  expect(found.get("total")?.field).toMatch(/^Total_[0-9a-f]{6}__c$/);
});

test("customers and contacts have properties of their own, which those of jobs leave alone", async () => {
  const rows = (name: string) =>
    Array.from({ length: 20 }, (_, at) => ({
      id: at + 1,
      customFields: [{ name, label: "Since", value: `201${at % 10}-03-01` }],
    }));
  const http = tenant({
    "/export/jobs": jobs,
    "/export/customers": rows("since"),
    "/export/contacts": rows("birthday"),
    "/export/custom-property-definitions": [level, { ...unseen, entity: "customer" }],
  });
  const { signal } = new AbortController();
  const { properties: fields } = salesforce;
  const of = (entity: "customer" | "contact", object: string) =>
    auditProperties({ profile, http, entity, object, fields, taken: [], signal });
  expect(await of("customer", "Account")).toMatchObject([
    { entity: "customer", object: "Account", key: "since", field: "Since__c", type: "date" },
    { entity: "customer", key: "unseen", type: "date", evidence: { from: "definition", seen: 0 } },
  ]);
  expect(await of("contact", "Contact")).toMatchObject([
    { entity: "contact", object: "Contact", key: "birthday", field: "Birthday__c", type: "date" },
  ]);
});
