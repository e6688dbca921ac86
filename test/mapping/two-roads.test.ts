import { afterAll, beforeAll, expect, test } from "vitest";
import { compareWith } from "../independent/difference.ts";
import type { FoundRow } from "../independent/salesforce-rows.ts";
import { truthFrom } from "../independent/truth.ts";
import type { Truth } from "../independent/truth.ts";
import { type Fold, fold } from "../source/fold.ts";
import { type PolledTenant, polledTenant } from "../source/polled-tenant.ts";
import { loadedOrg } from "./loaded-org.ts";

let tenant: PolledTenant;
let source: Fold;
let truth: Truth;

beforeAll(async () => {
  tenant = await polledTenant("two-roads", { args: ["--size", "60", "--seed", "3"] });
  const poller = tenant.poll();
  await tenant.said("snapshot_end", tenant.profile().streams.length);
  await tenant.finish();
  await poller.stop();
  source = await fold(tenant);
  truth = await truthFrom((entity) => tenant.call<string>("GET", `truth/${entity}?full=1`));
});

afterAll(() => tenant?.close());

test("a mapping that shares no code with ours makes the same rows of a tenant with all its realities", async () => {
  const { org, waiting } = loadedOrg(source);
  const { differences, rows, absent } = await compareWith(truth, org);
  expect(differences).toEqual([]);
  expect([...waiting].toSorted()).toEqual([...absent.keys()].toSorted());
  for (const [object, count] of Object.entries(rows)) expect([object, count > 0]).toContain(true);
  expect(Object.keys(rows)).toHaveLength(13);
});

test("the second mapping sees one changed field, one lost comment, one changed stop and one lost link", async () => {
  const { org } = loadedOrg(source);
  const plain = new Set(
    [...truth.note.values()].flatMap(({ row }) =>
      row["format"] === "text" ? [String(row["body"])] : [],
    ),
  );
  const spoilt = (soql: string, found: FoundRow[]): FoundRow[] => {
    if (soql.includes("FROM Invoice__c")) {
      return found.map((row, at) => (at === 0 ? { ...row, Paid__c: "0.01" } : row));
    }
    if (soql.includes("FROM CaseComment")) {
      const at = found.findIndex(
        (row, place) => place > 0 && plain.has(String(row["CommentBody"])),
      );
      const body = String(found[at]?.["CommentBody"]).replace(/\.$/, "!");
      return found.with(at, { ...found[at], CommentBody: body }).slice(1);
    }
    return soql.includes("FROM ContentDocumentLink") ? found.slice(1) : found;
  };
  const query = async (soql: string) => spoilt(soql, await org.query(soql));
  const { differences } = await compareWith(truth, { ...org, query });
  const seen = (text: string, end: string) =>
    differences.some((line) => line.startsWith(text) && line.endsWith(end));
  expect(seen("CaseComment ", ": missing")).toBe(true);
  expect(seen("CaseComment ", ": not word for word")).toBe(true);
  expect(seen("link ", ": missing")).toBe(true);
  expect(differences.filter((line) => line.includes(" Paid__c: "))).toHaveLength(1);
  expect(differences.filter((line) => line.startsWith("CaseComment ")).length).toBeLessThan(5);
});
