import { createHash } from "node:crypto";
import type { ObjectPlan } from "../../pipeline/core/plan.ts";
import { type DigestStore, openDigestStore } from "../digest-store.ts";
import { withFileDigests } from "../file-contents.ts";
import type { DestinationRow } from "../sink.ts";
import type { SalesforceClient } from "./salesforce-client.ts";
import type { SoqlRow } from "./soql-pages.ts";
import { restOf } from "../transport.ts";

/**
 * What the files at the destination hold: the SHA-256 of the bytes Salesforce gives back. A version's
 * bytes never change, so they are read once and remembered by version and checksum.
 */
export class FileDigests {
  readonly #client: SalesforceClient;
  readonly #store: DigestStore;

  /** `path`: where they are remembered; without one, for as long as the process lives. */
  constructor(client: SalesforceClient, path: string | undefined) {
    this.#client = client;
    this.#store = openDigestStore(path);
  }

  /** The rows with their files' digests, where the plan has a file field; a deleted row's is unknown. */
  of(
    plan: ObjectPlan,
    records: readonly SoqlRow[],
    rows: readonly DestinationRow[],
  ): Promise<readonly DestinationRow[]> {
    return withFileDigests(plan, records, rows, async (record, row) =>
      row.deleted ? undefined : this.#digest(record),
    );
  }

  /** Undefined where the file was deleted after its row was read. */
  async #digest(record: SoqlRow): Promise<string | undefined> {
    const version = record["Id"] as string;
    const checksum = (record["Checksum"] as string | null | undefined) ?? "";
    const known = this.#store.get(version, checksum);
    if (known !== undefined) return known;
    const reply = await this.#client.stream({
      api: "file",
      method: "GET",
      path: `sobjects/ContentVersion/${version}/VersionData`,
      headers: { accept: "*/*" },
      accept: [404],
    });
    if (reply.statusCode === 404) {
      await restOf(reply);
      return undefined;
    }
    const hash = createHash("sha256");
    for await (const bytes of reply.body) hash.update(bytes);
    const digest = hash.digest("hex");
    this.#store.put(version, checksum, digest);
    return digest;
  }

  close(): void {
    this.#store.close();
  }
}
