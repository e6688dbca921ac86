import type { DynamicsClient } from "./client.ts";
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
    suspects: new Suspects(),
  };
}
