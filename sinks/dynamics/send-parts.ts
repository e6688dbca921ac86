import type { DynamicsClient } from "./client.ts";
import { ReadyRows } from "./ready-rows.ts";
import { RowForms } from "./row-form.ts";
import { Suspects } from "./suspects.ts";
import { type WriteHeaders, type WriteOptions, writeHeaders } from "./write-headers.ts";

/** What writing takes. */
export interface SendParts {
  readonly client: DynamicsClient;
  readonly headers: WriteHeaders;
  /** Files to be written stand here, by their SHA-256. */
  readonly blobFolder: string;
  readonly forms: RowForms;
  /** Ids in the place of names. */
  readonly names: ReadyRows;
  /** What was at fault before. */
  readonly suspects: Suspects;
}

/** What writing takes, for as long as a client is open. */
export function sendParts(
  client: DynamicsClient,
  options: WriteOptions & { readonly blobFolder: string },
): SendParts {
  return {
    client,
    headers: writeHeaders(options),
    blobFolder: options.blobFolder,
    forms: new RowForms(client.metadata),
    names: new ReadyRows(client),
    suspects: new Suspects(),
  };
}
