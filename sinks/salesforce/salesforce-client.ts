import type { Metrics } from "../../pipeline/stage/metrics.ts";
import type { Secret } from "../../pipeline/stage/secret.ts";
import type { OutgoingCall } from "../outgoing-call.ts";
import type { HttpReply, StreamedBody, StreamedReply } from "../transport.ts";

/** How we reach one org as one integration user. */
export interface ClientOptions {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /** 59.0 or newer. */
  readonly apiVersion: string;
  /** Plain http to this machine: for rehearsals only. */
  readonly allowLoopback: boolean;
  /** Bounds one call with all its parts, a fresh token included. */
  readonly timeoutMs: number;
  /** PEM of an authority trusted in addition. */
  readonly ca?: string;
  readonly metrics: Metrics;
}

/** One call to the org. */
export interface Call extends OutgoingCall {
  readonly body?: string | Buffer;
}

/** One call with bodies that are streamed both ways. */
export interface StreamedCall extends OutgoingCall {
  readonly body?: StreamedBody;
}

/** A metadata component, elements as the Metadata API guide names them. */
export type Component = { readonly fullName: string } & Readonly<Record<string, unknown>>;

/** What became of one component. */
export interface SaveResult {
  readonly fullName: string;
  readonly success: boolean;
  readonly errors: readonly { readonly statusCode: string; readonly message: string }[];
}

/** The one door to Salesforce; jsforce keeps the session behind it. */
export interface SalesforceClient {
  call(call: Call): Promise<HttpReply>;
  /** Sent by ourselves, because jsforce holds whole bodies and repeats a streamed one empty. */
  stream(call: StreamedCall): Promise<StreamedReply>;
  /** Metadata components of one type by their full names, at most ten: those that are there. */
  readMetadata(type: string, names: readonly string[]): Promise<readonly Component[]>;
  /** Makes components of one type, or changes those that are there, at most ten; one result each. */
  saveMetadata(type: string, components: readonly Component[]): Promise<readonly SaveResult[]>;
  /** A young token: taken before an upload, because a session lost in mid-upload costs the job. */
  refresh(): Promise<void>;
  readonly dataPath: string;
  /** Our user's id. */
  readonly userId: string;
  /** Epoch milliseconds by the org's clock at the last reply, whole seconds. */
  readonly serverTime: number;
  close(): Promise<void>;
}
