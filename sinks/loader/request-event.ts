import type { AskedRow, RowResults } from "../sink.ts";
import type { OpenRequest } from "./requests.ts";

/** What has come of a request's way; the loop takes these up one by one. */
export type RequestEvent =
  /** A bulk job exists; its id must be committed before anything is uploaded. */
  | { readonly kind: "job_created"; readonly request: OpenRequest; readonly jobId: string }
  /** Its rows are at the destination: their fields need not be kept here. */
  | { readonly kind: "uploaded"; readonly request: OpenRequest }
  /** What is known of its rows; a row in neither map was certainly not written. */
  | {
      readonly kind: "answered";
      readonly request: OpenRequest;
      readonly results: RowResults;
      /** Rows of lost replies that stand at the destination, by result key. */
      readonly found: ReadonlyMap<string, AskedRow>;
      /** A job that failed as a whole: its rows have used up an attempt. */
      readonly failure: string | null;
    }
  /** It never left: its rows go again. */
  | { readonly kind: "unsent"; readonly request: OpenRequest }
  /** Nothing of it was done, and why says how to go on. */
  | { readonly kind: "failed"; readonly request: OpenRequest; readonly error: unknown };
