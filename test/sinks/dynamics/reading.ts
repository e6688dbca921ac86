import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FieldPlan } from "../../../pipeline/core/plan.ts";
import { openLog } from "../../../pipeline/stage/log.ts";
import type { ClientOptions } from "../../../sinks/dynamics/client.ts";
import { openDynamicsSink } from "../../../sinks/dynamics/dynamics-sink.ts";
import type { Sink } from "../../../sinks/sink.ts";
import {
  addPublisher,
  column,
  definition,
  label,
  table,
} from "../../simulators/dataverse-metadata/definitions.ts";
import { type SimulatedEnvironment, simulatedEnvironment } from "./simulated-environment.ts";
import { lookup, owner } from "./writing.ts";

/** A simulated environment with a table of every type of column, and our sink on it. */
export interface Reading extends SimulatedEnvironment {
  readonly sink: Sink;
  readonly blobFolder: string;
  /** Opens another sink beside the first. */
  another(own: Partial<ClientOptions>): Promise<Sink>;
}

/** Every type a plan's field may have, at the table `qd_thing`. */
export const everyField: readonly FieldPlan[] = [
  { name: "qd_name", type: "string", length: 100 },
  { name: "qd_memo", type: "textarea", length: 4000 },
  { name: "qd_body", type: "textarea", length: 4000, html: true },
  { name: "qd_email", type: "email", length: 100 },
  { name: "qd_phone", type: "phone", length: 50 },
  { name: "qd_site", type: "url", length: 200 },
  { name: "qd_kind", type: "picklist" },
  { name: "qd_roles", type: "multipicklist" },
  { name: "qd_flag", type: "boolean" },
  { name: "qd_count", type: "int" },
  { name: "qd_rate", type: "decimal", precision: 14, scale: 4 },
  { name: "qd_amount", type: "decimal", precision: 16, scale: 2 },
  { name: "qd_day", type: "date" },
  { name: "qd_at", type: "datetime" },
  { name: "overriddencreatedon", type: "datetime", createOnly: true },
  lookup("qd_account", "account"),
  lookup("qd_parent", "qd_thing"),
  owner,
];

const key = column("String", "qd_SourceKey", { MaxLength: 100 });
const options = (...labels: string[]) => ({
  OptionSet: { IsGlobal: false, Options: labels.map((each) => ({ Label: label(each) })) },
});
const moment = { Format: "DateAndTime", DateTimeBehavior: { Value: "UserLocal" } };
const wide = { MinValue: -100_000_000_000, MaxValue: 100_000_000_000 };
const columns = [
  key,
  column("Memo", "qd_Memo", { MaxLength: 4000 }),
  column("Memo", "qd_Body", { MaxLength: 4000 }),
  column("String", "qd_Email", { MaxLength: 100, FormatName: { Value: "Email" } }),
  column("String", "qd_Phone", { MaxLength: 50 }),
  column("String", "qd_Site", { MaxLength: 200 }),
  column("Picklist", "qd_Kind", options("Red", "Green", "Ünï & Co")),
  column("MultiSelectPicklist", "qd_Roles", options("Site", "Billing", "Recipient")),
  column("Boolean", "qd_Flag"),
  column("Integer", "qd_Count", { MinValue: -1_000_000, MaxValue: 1_000_000 }),
  column("Decimal", "qd_Rate", { ...wide, Precision: 4 }),
  column("Money", "qd_Amount", { Precision: 2 }),
  column("DateTime", "qd_Day", { Format: "DateOnly", DateTimeBehavior: { Value: "DateOnly" } }),
  column("DateTime", "qd_At", moment),
];

/** Starts one. */
export async function reading(): Promise<Reading> {
  const environment = await simulatedEnvironment({ limits: "off" });
  const { raw } = environment;
  const make = async (path: string, body: object): Promise<void> => {
    const { status, text } = await raw.call("POST", path, body);
    if (status !== 204) throw new Error(`${path}: ${text}`);
  };
  await addPublisher(raw);
  await make("EntityDefinitions", table("qd_Thing"));
  for (const one of columns) await make(`${definition("qd_thing")}/Attributes`, one);
  await make(`${definition("account")}/Attributes`, key);
  for (const name of ["account", "qd_thing"]) {
    const own = { SchemaName: "qd_SourceKey_Key", KeyAttributes: ["qd_sourcekey"] };
    await make(`${definition(name)}/Keys`, own);
  }
  for (const [referenced, name] of [
    ["account", "qd_Account"],
    ["qd_thing", "qd_Parent"],
  ] as const) {
    await make("RelationshipDefinitions", {
      "@odata.type": "Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata",
      SchemaName: `qd_thing_${name}`,
      ReferencedEntity: referenced,
      ReferencingEntity: "qd_thing",
      Lookup: column("Lookup", name),
    });
  }
  const blobFolder = mkdtempSync(join(tmpdir(), "blobs-"));
  const opened: Sink[] = [];
  const another = async (own: Partial<ClientOptions>): Promise<Sink> => {
    const sink = await openDynamicsSink({
      ...environment.options(own),
      ...{ publisherPrefix: "qd", blobFolder, log: openLog("sink") },
    });
    opened.push(sink);
    return sink;
  };
  const sink = await another({});
  return {
    ...environment,
    ...{ sink, blobFolder, another },
    async close() {
      for (const each of opened) await each.close();
      await environment.close();
    },
  };
}
