import { join } from "node:path";
import type { FieldPlan, ObjectPlan, Plan } from "../../../pipeline/core/plan.ts";
import type { CustomField } from "../../../pipeline/mapping/target-field.ts";
import { openLog } from "../../../pipeline/stage/log.ts";
import { openDynamicsSink } from "../../../sinks/dynamics/dynamics-sink.ts";
import { createSchema } from "../../../sinks/dynamics/schema/create-schema.ts";
import { addPublisher } from "../../simulators/dataverse-metadata/definitions.ts";
import { simulatedEnvironment } from "../../sinks/dynamics/simulated-environment.ts";
import type { ContractKind, Destination, Fault } from "./kind.ts";

const [keyField, idField] = ["qd_sourcekey", "qd_sourcesystemid"];
const key: FieldPlan = { name: keyField, type: "string", length: 100 };
const sourceId: FieldPlan = { name: idField, type: "string", length: 100 };
const long: FieldPlan = { name: "qd_memo", type: "textarea", length: 32_000 };
const lookup = (name: string, object: string): FieldPlan => {
  return { name, type: "reference", reference: { object, whenDeleted: "park" } };
};
const keyed = { identity: "external_id", keyField, idField } as const;

const account: ObjectPlan = {
  ...{ object: "account", entity: "customer", ...keyed },
  fields: [
    ...[key, sourceId, long],
    { name: "name", type: "string", length: 160 },
    { name: "telephone1", type: "phone", length: 50 },
  ],
};
const order: ObjectPlan = {
  ...{ object: "qd_serviceorder", entity: "job", ...keyed },
  fields: [
    ...[key, sourceId, long, lookup("qd_account", "account")],
    { name: "qd_name", type: "string", length: 300 },
    { name: "qd_total", type: "decimal", precision: 18, scale: 2 },
    { name: "qd_day", type: "date" },
    { name: "qd_at", type: "datetime" },
  ],
};
const line: ObjectPlan = {
  ...{ object: "qd_line", entity: "line", ...keyed },
  fields: [
    ...[key, sourceId, lookup("qd_serviceorder", "qd_serviceorder")],
    { name: "qd_quantity", type: "decimal", precision: 14, scale: 3 },
    { name: "qd_kind", type: "picklist" },
  ],
};
const plan: Plan = {
  hash: "plan-of-the-contract",
  objects: [account, order, line],
  waves: [["account"], ["qd_serviceorder"], ["qd_line"]],
};

const ours: readonly CustomField[] = [
  { name: keyField, type: "text", length: 100, unique: true },
  { name: idField, type: "text", length: 100 },
];
const memo: CustomField = { name: "qd_memo", type: "long_text", length: 32_000 };
const choice = { type: "choice", restricted: true, values: ["Labor", "Material"] } as const;
const customFields = new Map<string, readonly CustomField[]>([
  ["account", [...ours, memo]],
  [
    "qd_serviceorder",
    [
      ...[...ours, memo],
      { name: "qd_name", type: "text", length: 300 },
      { name: "qd_account", type: "lookup", referenceTo: "account" },
      { name: "qd_total", type: "money", precision: 18, scale: 2 },
      { name: "qd_day", type: "date" },
      { name: "qd_at", type: "datetime" },
    ],
  ],
  [
    "qd_line",
    [
      ...ours,
      { name: "qd_serviceorder", type: "lookup", referenceTo: "qd_serviceorder" },
      { name: "qd_quantity", type: "number", precision: 14, scale: 3 },
      { name: "qd_kind", ...choice },
    ],
  ],
]);
const plain = { notes: false, activities: false };
const customTables = new Map([
  ["qd_serviceorder", { label: "Service Order", plural: "Service Orders", ...plain }],
  ["qd_line", { label: "Line", plural: "Lines", ...plain }],
]);

const writes = "^POST .*(Multiple|batch)";
const faults: Readonly<Record<Fault, object>> = {
  throttled: { kind: "throttle", on: writes, count: 2, seconds: 1 },
  reply_lost: { kind: "drop_after", on: writes, count: 1 },
  reply_cut: { kind: "truncate", on: writes, count: 1 },
};

/** Dynamics 365 as the scenarios meet it. */
export const kind: ContractKind = {
  plan,
  fields: {
    customer: { name: "name", phone: "telephone1", memo: long.name, source_id: idField },
    job: {
      ...{ customer: "qd_account", title: "qd_name", memo: long.name, source_id: idField },
      ...{ total: "qd_total", day: "qd_day", at: "qd_at" },
    },
    line: {
      ...{ job: "qd_serviceorder", quantity: "qd_quantity", kind: "qd_kind", source_id: idField },
    },
  },
  async open(): Promise<Destination> {
    const environment = await simulatedEnvironment({ limits: "off" });
    const { raw } = environment;
    await addPublisher(raw);
    await createSchema(
      await environment.client(),
      { plan, customFields, customTables },
      { edition: "enterprise", publisherPrefix: "qd", pollMs: 20 },
    );
    return {
      sink: () =>
        openDynamicsSink({
          ...environment.options(),
          ...{ publisherPrefix: "qd", blobFolder: join(raw.folder, "blobs"), log: openLog("sink") },
        }),
      async rows(object) {
        const { text } = await raw.admin("GET", `snapshot?object=${object}`);
        const lines = text.split("\n").filter((each) => each !== "");
        const rows = lines.map((each) => JSON.parse(each) as Record<string, unknown>);
        return rows.flatMap((values) => {
          const [own, id] = [values[keyField], values[`${object}id`]];
          return typeof own === "string" ? [{ id: String(id), key: own, values }] : [];
        });
      },
      async vanish(object, id) {
        const reply = await raw.call("DELETE", `${object}s(${id})`);
        if (reply.status !== 204) throw new Error(reply.text);
      },
      async strike(fault) {
        const { status, text } = await raw.admin("POST", "faults", {
          ...{ seed: 7, faults: [faults[fault]] },
        });
        if (status >= 300) throw new Error(text);
      },
      async unstruck() {
        const { json } = await raw.admin("GET", "faults");
        return (json.rules as { hits: number }[]).filter(({ hits }) => hits === 0).length;
      },
      async heal() {
        await raw.admin("DELETE", "faults");
      },
      close: () => environment.close(),
    };
  },
};
