import { createHash } from "node:crypto";
import type { FieldValue } from "../../pipeline/core/load-record.ts";
import { keepBlob } from "../../pipeline/stage/blob-folder.ts";
import { keylessObjects, keylessSchema } from "./keyless-objects.ts";
import { LoaderWorld } from "./loader-world.ts";
import type { Said } from "./migration-world.ts";

/** A world of notes, files, links, team members and users. */
export class KeylessWorld extends LoaderWorld {
  constructor() {
    super(keylessObjects, keylessSchema);
  }

  /** A file of the blob folder, as a field names it. */
  file(content: string | Buffer): string {
    const bytes = Buffer.from(content);
    return `sha256:${keepBlob(this.org.blobFolder, bytes)}:${bytes.length}`;
  }

  /** What the org holds of an object, under the names of our keys: bodies by parent, pairs, titles. */
  async held(object: "CaseComment" | "ContentDocumentLink"): Promise<readonly string[]> {
    const names = await this.#names();
    const name = (id: unknown): string => names.get(String(id)) ?? "?";
    if (object === "CaseComment") {
      const rows = await this.org.query("SELECT ParentId, CommentBody FROM CaseComment");
      return rows.map((row) => `${name(row["ParentId"])}: ${String(row["CommentBody"])}`).sort();
    }
    const documents = [...names].filter(([id]) => id.startsWith("069")).map(([id]) => `'${id}'`);
    if (documents.length === 0) return [];
    const rows = await this.org.query(
      `SELECT ContentDocumentId, LinkedEntityId FROM ContentDocumentLink WHERE ContentDocumentId IN (${documents.join(",")})`,
    );
    // The link of a document's owner is Salesforce's own.
    const ours = rows.filter((row) => !String(row["LinkedEntityId"]).startsWith("005"));
    return ours
      .map((row) => `${name(row["ContentDocumentId"])} on ${name(row["LinkedEntityId"])}`)
      .sort();
  }

  async #names(): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>();
    for (const object of ["Case", "Account"]) {
      const rows = await this.org.query(`SELECT Id, Source_Key__c FROM ${object}`);
      for (const row of rows) names.set(String(row["Id"]), String(row["Source_Key__c"]));
    }
    for (const row of await this.versions()) {
      names.set(String(row["ContentDocumentId"]), String(row["Source_Key__c"]));
    }
    return names;
  }

  /** The newest version of every document. */
  versions(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.org.query(
      "SELECT Id, ContentDocumentId, Source_Key__c, Title, ContentSize, Checksum, VersionNumber, FileType " +
        "FROM ContentVersion WHERE IsLatest = true",
    );
  }

  /** SHA-256 of each document's newest bytes, by our key. */
  async digests(): Promise<readonly (readonly [string, string])[]> {
    const found: (readonly [string, string])[] = [];
    for (const row of await this.versions()) {
      const bytes = await this.org.bytes(
        `sobjects/ContentVersion/${String(row["Id"])}/VersionData`,
      );
      found.push([String(row["Source_Key__c"]), createHash("sha256").update(bytes).digest("hex")]);
    }
    return found;
  }
}

/** A job. */
export const aJob = (key: string): Said => ({
  object: "Case",
  key,
  fields: { Subject: key },
});

/** A note on a job, in so many parts; none deletes it. */
export const aNote = (key: string, ParentId: string, ...parts: readonly string[]): Said => ({
  object: "CaseComment",
  key,
  fields: parts.length === 0 ? null : { ParentId, IsPublished: false },
  ...(parts.length === 0 ? {} : { rows: parts.map((CommentBody) => ({ CommentBody })) }),
});

/** A file. */
export const aFile = (key: string, VersionData: FieldValue, Title = key): Said => ({
  object: "ContentVersion",
  key,
  fields: { Title, PathOnClient: `${key}.txt`, VersionData },
});

/** A file's link to a job or a customer. */
export const aLink = (key: string, ContentDocumentId: string, LinkedEntityId: string): Said => ({
  object: "ContentDocumentLink",
  key,
  fields: { ContentDocumentId, LinkedEntityId, ShareType: "V" },
});

/** The deletion of a record. */
export const gone = (object: string, key: string): Said => ({ object, key, fields: null });
