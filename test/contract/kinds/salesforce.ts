import type { FieldPlan, ObjectPlan } from "../../../pipeline/core/plan.ts";
import { simulatedOrg } from "../../sinks/salesforce/simulated-org.ts";
import type { ContractKind, Destination, Fault } from "./kind.ts";

const [keyField, idField] = ["Source_Key__c", "Source_System_ID__c"];
const key: FieldPlan = { name: keyField, type: "string", length: 100 };
const sourceId: FieldPlan = { name: idField, type: "string", length: 100 };
const long: FieldPlan = { name: "Description", type: "textarea", length: 32_000 };
const lookup = (name: string, object: string, relationship: string): FieldPlan => {
  return { name, type: "reference", reference: { object, relationship, whenDeleted: "park" } };
};
const keyed = { identity: "external_id", keyField, idField } as const;

const account: ObjectPlan = {
  ...{ object: "Account", entity: "customer", ...keyed },
  fields: [
    ...[key, sourceId, long],
    { name: "Name", type: "string", length: 255 },
    { name: "Phone", type: "phone", length: 40 },
  ],
};
const job: ObjectPlan = {
  ...{ object: "Case", entity: "job", ...keyed },
  fields: [
    ...[key, sourceId, long, lookup("AccountId", "Account", "Account")],
    { name: "Subject", type: "string", length: 255 },
    { name: "Total__c", type: "decimal", precision: 18, scale: 2 },
    { name: "Day__c", type: "date" },
    { name: "At__c", type: "datetime" },
  ],
};
const line: ObjectPlan = {
  ...{ object: "Work_Order_Line_Item__c", entity: "line", ...keyed },
  fields: [
    ...[key, sourceId, lookup("Case__c", "Case", "Case__r")],
    { name: "Quantity__c", type: "decimal", precision: 15, scale: 3 },
    { name: "Kind__c", type: "picklist" },
  ],
};

const ours = [
  { name: keyField, type: "Text", length: 100, externalId: true, unique: true },
  { name: idField, type: "Text", length: 100 },
];
const toCase = {
  name: "Case__c",
  type: "Lookup",
  referenceTo: "Case",
  relationshipName: "Lines__r",
};
const labels = { restricted: true, values: ["Labor", "Material"] };
const schema = {
  objects: [
    { name: "Account", fields: ours },
    {
      name: "Case",
      fields: [
        ...ours,
        { name: "Total__c", type: "Number", precision: 18, scale: 2 },
        { name: "Day__c", type: "Date" },
        { name: "At__c", type: "DateTime" },
      ],
    },
    {
      name: line.object,
      fields: [
        ...[...ours, { ...toCase, deleteConstraint: "Restrict" }],
        { name: "Quantity__c", type: "Number", precision: 15, scale: 3 },
        { name: "Kind__c", type: "Picklist", ...labels },
      ],
    },
  ],
};

const refused = [{ errorCode: "REQUEST_LIMIT_EXCEEDED", message: "TotalRequests Limit exceeded." }];
const writes = "^POST .*/composite";
const faults: Readonly<Record<Fault, object>> = {
  throttled: { kind: "status", status: 403, body: refused, on: writes, count: 2 },
  reply_lost: { kind: "drop_after", on: writes, count: 1 },
  reply_cut: { kind: "truncate", on: writes, count: 1 },
};

/** Salesforce as the scenarios meet it. */
export const kind: ContractKind = {
  plan: {
    hash: "plan-of-the-contract",
    objects: [account, job, line],
    waves: [["Account"], ["Case"], [line.object]],
  },
  fields: {
    customer: { name: "Name", phone: "Phone", memo: long.name, source_id: idField },
    job: {
      ...{ customer: "AccountId", title: "Subject", memo: long.name, source_id: idField },
      ...{ total: "Total__c", day: "Day__c", at: "At__c" },
    },
    line: { job: "Case__c", quantity: "Quantity__c", kind: "Kind__c", source_id: idField },
  },
  async open(): Promise<Destination> {
    const org = await simulatedOrg(schema);
    return {
      sink: () => org.sink(),
      async rows(object) {
        const rows = await org.rows(object);
        return [...rows].map(([own, values]) => ({ id: String(values["Id"]), key: own, values }));
      },
      async vanish(object, id) {
        await org.rest("DELETE", `sobjects/${object}/${id}`);
      },
      async strike(fault) {
        await org.admin("POST", "faults", { seed: 7, faults: [faults[fault]] });
      },
      async unstruck() {
        const { rules } = await org.admin<{ rules: { hits: number }[] }>("GET", "faults");
        return rules.filter(({ hits }) => hits === 0).length;
      },
      async heal() {
        await org.admin("DELETE", "faults");
      },
      close: () => org.close(),
    };
  },
};
