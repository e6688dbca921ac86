import { afterAll, beforeAll, expect, test } from "vitest";
import type { MergedLine } from "../../../pipeline/core/generated/records.ts";
import type { SourceEntity } from "../../../pipeline/core/source-record.ts";
import type { GivenSettings } from "../../../pipeline/mapping/settings.ts";
import { openLog } from "../../../pipeline/stage/log.ts";
import { openDynamicsSink } from "../../../sinks/dynamics/dynamics-sink.ts";
import { rowGuid } from "../../../sinks/dynamics/row-guid.ts";
import { createSchema } from "../../../sinks/dynamics/schema/create-schema.ts";
import { addPublisher } from "../../simulators/dataverse-metadata/definitions.ts";
import { aCatalogue } from "../../sinks/dynamics/a-catalogue.ts";
import { simulatedEnvironment } from "../../sinks/dynamics/simulated-environment.ts";
import { type Fold, fold, type Written } from "../../source/fold.ts";
import { type PolledTenant, polledTenant } from "../../source/polled-tenant.ts";
import { landed } from "./landing.ts";
import { dynamicsPlan } from "./mapped-rows.ts";

let tenant: PolledTenant;
let source: Fold;

beforeAll(async () => {
  tenant = await polledTenant("landed-tenant", { args: ["--size", "25", "--seed", "3"] });
  const derive = { visits: true, zones: true, mergedLines: true, work: true };
  const poller = tenant.poll(tenant.profile(), derive);
  await tenant.said("snapshot_end", tenant.profile().streams.length);
  await tenant.finish();
  await poller.stop();
  source = await fold(tenant);
});

afterAll(() => tenant?.close());

/** The source as if nobody had ever worked for its customers. */
function withoutWork(of: Fold): Fold {
  const idle = (record: Written) => ({ ...record, work_open: 0, work_closed: 0 });
  return {
    ...of,
    alive(entity: SourceEntity) {
      const records = of.alive(entity);
      if (entity !== "customer") return records;
      return new Map([...records].map(([id, record]) => [id, idle(record)]));
    },
  };
}

// What is not the default, all at once: the defaults are rehearsed.
const enterprise: GivenSettings = {
  edition: "enterprise",
  audit_fields: true,
  customers_without_work: "lead",
  shared_contacts: "relations",
  technicians: "table",
  lines: "merged",
  schedule: "blocks",
  notes: "table",
};
const professional: GivenSettings = {
  edition: "professional",
  customers_without_work: "historical",
  shared_contacts: "relations",
  further_sites: "text",
  lines: "merged",
  products: "catalogue",
  price_list: "Jobs",
  crew: "rows",
  schedule: "activities",
  invoices: "none",
};

test.each([enterprise, professional])(
  "the service takes every row of a tenant as it is sent, and gives back what was said: %j",
  async (settings) => {
    const compiled = dynamicsPlan(settings);
    const environment = await simulatedEnvironment({ limits: "off" });
    try {
      await addPublisher(environment.raw);
      const { edition = "enterprise" } = settings;
      const options = { edition, publisherPrefix: "qd", pollMs: 20 };
      const client = await environment.client();
      expect((await createSchema(client, compiled, options)).refused).toEqual([]);
      const { priceList, product } = await aCatalogue(environment.raw);
      await priceList("Jobs");
      // Half of them are in the catalogue.
      const merged = [...source.alive("merged_line").values()] as unknown as MergedLine[];
      const skus = [...new Set(merged.flatMap(({ sku }) => sku ?? []))].filter((_, at) => at % 2);
      for (const sku of skus) await product(sku);
      const sink = await openDynamicsSink({
        ...environment.options(),
        publisherPrefix: "qd",
        blobFolder: tenant.connection.blobFolder,
        log: openLog("test"),
      });
      const { rows, refused, waiting, differences } = await landed(
        compiled,
        withoutWork(source),
        sink,
      );
      expect(refused).toEqual([]);
      // Notes on jobs that never were.
      expect(waiting.filter((id) => !/^(annotation|qd_servicenote)\|note-/.test(id))).toEqual([]);
      expect(await differences()).toEqual([]);
      expect([rows.get("lead") ?? 0, rows.get("account")]).toEqual(
        edition === "enterprise" ? [25, 91] : [0, 25],
      );
      if (edition === "professional") {
        const path = "opportunityproducts?$select=qd_sku&$filter=_productid_value ne null";
        const { json } = await environment.raw.call("GET", path);
        const ofCatalogue = json.value.map((line: { qd_sku: string }) => line.qd_sku);
        expect(new Set(ofCatalogue)).toEqual(new Set(skus));
      }
      expect(skus.length).toBeGreaterThan(3);
      // The comparison itself sees a change.
      const [spoilt] = source.alive("customer").keys();
      const account = rowGuid("account", `customer-${spoilt}`);
      await environment.raw.call("PATCH", `accounts(${account})`, { qd_tags: "spoilt" });
      expect(await differences()).toEqual([expect.stringContaining(" qd_tags: spoilt, not ")]);
      await sink.close();
    } finally {
      await environment.close();
    }
  },
);
