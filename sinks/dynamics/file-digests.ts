import { createHash } from "node:crypto";
import { type DigestStore, openDigestStore } from "../digest-store.ts";
import { withFileDigests } from "../file-contents.ts";
import type { DestinationRow } from "../sink.ts";
import type { DynamicsClient } from "./client.ts";
import type { RowReading } from "./row-reading.ts";
import type { ApiRow } from "./standing.ts";

/** What the files at the destination hold: the SHA-256 of the bytes it gives back, read once for each version of their row. */
export class FileDigests {
  readonly #client: DynamicsClient;
  readonly #store: DigestStore;

  /** `path`: where they are remembered; without one, for as long as the process lives. */
  constructor(client: DynamicsClient, path: string | undefined) {
    this.#client = client;
    this.#store = openDigestStore(path);
  }

  /** The rows with their files' digests, where the plan has a file field. */
  of(
    { plan, table }: RowReading,
    read: readonly ApiRow[],
    rows: readonly DestinationRow[],
  ): Promise<readonly DestinationRow[]> {
    return withFileDigests(plan, read, rows, async (one, row, field) => {
      const { filesize, "@odata.etag": version } = one;
      if (Number(filesize ?? 0) === 0) return null;
      return this.#digest(`${table.set}(${row.destinationId})/${field}/$value`, String(version));
    });
  }

  /** Undefined where the row was deleted after it was read, null where the file was. */
  async #digest(path: string, version: string): Promise<string | null | undefined> {
    const known = this.#store.get(path, version);
    if (known !== undefined) return known;
    const headers = { accept: "*/*" };
    const call = { api: "file", method: "GET", path, headers, accept: [404] } as const;
    const reply = await this.#client.stream(call);
    const digest = await base64Digest(reply.body);
    if (reply.status === 404) return undefined;
    if (reply.status === 204) return null;
    this.#store.put(path, version, digest);
    return digest;
  }

  close(): void {
    this.#store.close();
  }
}

/** The SHA-256 of bytes that come as base64, piece by piece. */
export async function base64Digest(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  let rest = "";
  for await (const piece of pieces) {
    const text =
      rest +
      Buffer.from(piece)
        .toString("latin1")
        .replace(/[^A-Za-z0-9+/=]/g, "");
    const whole = text.length - (text.length % 4);
    hash.update(Buffer.from(text.slice(0, whole), "base64"));
    rest = text.slice(whole);
  }
  return hash.update(Buffer.from(rest, "base64")).digest("hex");
}
