import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { compilePlan } from "../../../../pipeline/mapping/compile.ts";
import { readMappings } from "../../../../pipeline/mapping/mapping-file.ts";
import { checkSchema } from "../../../../sinks/dynamics/schema/check-schema.ts";
import { createSchema } from "../../../../sinks/dynamics/schema/create-schema.ts";
import { tableSettings } from "../../../../sinks/dynamics/schema/table-settings.ts";
import { type Door, openDoor } from "./door.ts";

const folder = join(import.meta.dirname, "../../../../pipeline/mapping/dynamics");
const doors: Door[] = [];

afterEach(async () => {
  for (const door of doors.splice(0)) await door.close();
});

test.each([
  ["enterprise", "qd", { audit_fields: true, technicians: "table", schedule: "blocks" }],
  ["professional", "acme", {}],
] as const)(
  "the mappings as delivered are made whole for %s, under the prefix %s",
  async (edition, prefix, more) => {
    const door = await openDoor({ tier: edition });
    doors.push(door);
    await door.environment.create("publishers", {
      ...{ uniquename: prefix, friendlyname: prefix },
      ...{ customizationprefix: prefix, customizationoptionvalueprefix: 20_000 },
    });
    const plan = compilePlan({
      ...{ folder, settings: { edition, ...more }, hash: "plan" },
      ...{ destination: "dynamics", publisherPrefix: prefix },
    });
    const options = { edition, publisherPrefix: prefix, pollMs: 5 } as const;
    const missing = await checkSchema(door.client, plan, options);
    expect(missing.filter(({ creatable }) => !creatable)).toEqual([]);
    const { created, refused } = await createSchema(door.client, plan, options);
    expect(refused).toEqual([]);
    expect(created.length).toBeGreaterThan(100);
    expect(created.filter((name) => !name.includes(`${prefix}_`))).toEqual([]);
    expect(await checkSchema(door.client, plan, options)).toEqual([]);
  },
);

test("a remedy names the settings a table is there by, and none that leaves it there", () => {
  const settings = tableSettings(readMappings(folder, [], "acme").mappings);
  expect(settings.get("acme_jobtechnician")).toBe("crew: rows");
  expect(settings.get("acme_invoice")).toBe("invoices: object");
  expect(settings.has("acme_serviceorder")).toBe(false);
  // Lines are rows of it, merged or not.
  expect(settings.has("acme_serviceline")).toBe(false);
});
