import { afterEach, expect, test } from "vitest";
import type { FieldValue } from "../../../pipeline/core/load-record.ts";
import type { FieldPlan, ObjectPlan } from "../../../pipeline/core/plan.ts";
import type { TableFacts } from "../../../sinks/dynamics/metadata.ts";
import { createSchema } from "../../../sinks/dynamics/schema/create-schema.ts";
import { sendGroups } from "../../../sinks/dynamics/send.ts";
import { sendParts } from "../../../sinks/dynamics/send-parts.ts";
import { type Operation, type RowResult, resultKey, type SinkRow } from "../../../sinks/sink.ts";
import { dynamicsPlan } from "../../mapping/dynamics/mapped-rows.ts";
import { addPublisher } from "../../simulators/dataverse-metadata/definitions.ts";
import { type SimulatedEnvironment, simulatedEnvironment } from "./simulated-environment.ts";

let environment: SimulatedEnvironment;
afterEach(() => environment.close());

/** A value the column takes. */
function valueOf(field: FieldPlan, table: TableFacts): FieldValue {
  const column = table.columns.get(field.name);
  if (field.name === "opportunitystatecode") return "Won";
  if (field.name === "filename") return "picture.jpg";
  switch (field.type) {
    case "picklist":
    case "multipicklist": {
      const labels = [...(column?.options?.keys() ?? [])];
      return labels.includes("Completed") ? "Completed" : (labels[0] ?? null);
    }
    case "boolean":
      return true;
    case "int":
    case "decimal":
      return "1";
    case "date":
      return "2019-05-04";
    case "datetime":
      return Date.UTC(2019, 4, 4, 12);
    case "file":
      return "text:bytes";
    case "reference":
      return null;
    case "string":
    case "textarea":
    case "email":
    case "phone":
    case "url":
      return (field.name === "emailaddress1" ? "a@x.example" : "Ä1").slice(0, column?.length ?? 9);
  }
}

/** A record of a plan with a value in each of its fields; lookups lead to what stands there. */
function filled(
  plan: ObjectPlan,
  table: TableFacts,
  standing: ReadonlyMap<string, string>,
): SinkRow {
  const fields: Record<string, FieldValue> = {};
  const targets: Record<string, string> = {};
  for (const field of plan.fields) {
    const { reference } = field;
    const objects =
      reference === undefined ? [] : [reference.object, ...Object.values(reference.byEntity ?? {})];
    const target = objects.find((object) => standing.has(object));
    if (field.owner === true) continue;
    fields[field.name] =
      target === undefined ? valueOf(field, table) : (standing.get(target) as string);
    if (target !== undefined) targets[field.name] = target;
  }
  return { key: `${plan.entity}-1`, destinationId: null, fields, targets };
}

test.each(["enterprise", "professional"] as const)(
  "a row of every mapping of the %s edition is created, changed and deleted with all its fields",
  async (edition) => {
    environment = await simulatedEnvironment({ limits: "off" });
    await addPublisher(environment.raw);
    const client = await environment.client();
    const compiled = dynamicsPlan({ edition });
    await createSchema(client, compiled, { edition, publisherPrefix: "qd", pollMs: 20 });
    const parts = sendParts(client, { blobFolder: environment.raw.folder });
    const standing = new Map<string, string>();
    const written: { plan: ObjectPlan; row: SinkRow }[] = [];
    const send = async (plan: ObjectPlan, operation: Operation, row: SinkRow) => {
      const results = await sendGroups(parts, [{ plan, operation, rows: [row] }]);
      return results.get(resultKey(plan.object, row.key));
    };
    const plans = compiled.plan.waves
      .flat()
      .flatMap((object) => compiled.plan.objects.filter((plan) => plan.object === object));
    expect(plans.length).toBeGreaterThan(8);
    for (const plan of plans.filter(({ identity }) => identity !== "user")) {
      const table = (await client.metadata.table(plan.object)) as TableFacts;
      const row = filled(plan, table, standing);
      const result = (await send(plan, "insert", row)) as RowResult;
      expect([plan.object, plan.entity, result]).toEqual([
        plan.object,
        plan.entity,
        expect.objectContaining({ kind: "created" }),
      ]);
      const destinationId = result.destinationId as string;
      standing.set(plan.object, destinationId);
      written.push({ plan, row: { ...row, destinationId } });
    }
    for (const { plan, row } of written) {
      const kept = plan.fields.filter(({ createOnly }) => createOnly !== true);
      const fields = Object.fromEntries(kept.map(({ name }) => [name, row.fields[name] ?? null]));
      const result = await send(plan, "update", { ...row, fields });
      expect([plan.object, result]).toEqual([
        plan.object,
        expect.objectContaining({ kind: "updated" }),
      ]);
    }
    for (const { plan, row } of written.toReversed()) {
      const result = await send(plan, "delete", { ...row, fields: {} });
      expect([plan.object, result?.kind]).toEqual([plan.object, "deleted"]);
    }
  },
);
