import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import type { AskedRow, SinkRow } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import { fileBytes, md5Of } from "../file-bytes.ts";
import { soqlPages } from "./soql-pages.ts";
import { soqlChunks, soqlIn, soqlSelect } from "./soql.ts";

/** The newest version of a document. */
export interface FileVersion {
  readonly id: string;
  readonly documentId: string;
  /** MD5, hex. */
  readonly checksum: string;
  readonly key: string | null;
  /** The name its bytes came with, which only a new version changes. */
  readonly path: string | null;
}

/** Newest versions by document, or by our key, which only the newest carries. */
export async function newestVersions(
  client: SalesforceClient,
  plan: ObjectPlan,
  by: "ContentDocumentId" | "key",
  values: readonly string[],
): Promise<ReadonlyMap<string, FileVersion>> {
  const found = new Map<string, FileVersion>();
  const column = by === "key" ? plan.keyField : by;
  const columns = ["Id", "ContentDocumentId", "Checksum", "PathOnClient", plan.keyField];
  for (const chunk of soqlChunks(values)) {
    const condition = `${soqlIn(column, chunk)} AND IsLatest = true`;
    for await (const page of soqlPages(client, soqlSelect(columns, plan.object, condition))) {
      for (const row of page) {
        const version = versionOf(plan, row);
        found.set(by === "key" ? (version.key as string) : version.documentId, version);
      }
    }
  }
  return found;
}

/** A version as SOQL returns it. */
export function versionOf(plan: ObjectPlan, row: Readonly<Record<string, unknown>>): FileVersion {
  return {
    id: row["Id"] as string,
    documentId: row["ContentDocumentId"] as string,
    checksum: String(row["Checksum"] ?? "").toLowerCase(),
    key: (row[plan.keyField] as string | null | undefined) ?? null,
    path: (row["PathOnClient"] as string | null | undefined) ?? null,
  };
}

/** What stands of files whose fate is unknown: a version is made whole, so its bytes decide. */
export async function askFiles(
  client: SalesforceClient,
  plan: ObjectPlan,
  rows: readonly SinkRow[],
  blobFolder: string,
): Promise<ReadonlyMap<string, AskedRow>> {
  const keys = rows.map(({ key }) => key);
  const versions = await newestVersions(client, plan, "key", keys);
  const found = new Map<string, AskedRow>();
  for (const row of rows) {
    const version = versions.get(row.key);
    if (version === undefined) continue;
    const bytes = fileBytes(row.fields[fileField(plan)] ?? null, blobFolder);
    const whole = bytes !== undefined && (await md5Of(bytes)) === version.checksum;
    found.set(row.key, {
      object: plan.object,
      destinationId: version.documentId,
      key: row.key,
      deleted: false,
      fields: {},
      modifiedAt: 0,
      modifiedBy: null,
      moreIds: [],
      whole,
    });
  }
  return found;
}

/** The field that holds the bytes. */
export function fileField(plan: ObjectPlan): string {
  const field = plan.fields.find(({ type }) => type === "file");
  if (field === undefined) throw new Error(`${plan.object} has no file.`);
  return field.name;
}
