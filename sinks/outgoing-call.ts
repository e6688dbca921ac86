/** What every call to a destination says of itself, whatever its body is. */
export interface OutgoingCall {
  /** Label of the call in metrics and errors: query, bulk, batch, metadata, … */
  readonly api: string;
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the data path of the destination's version, or absolute. */
  readonly path: string;
  /** Absent: JSON. */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** A lost reply leaves open whether it was done. */
  readonly write?: true;
  /** Statuses beside 2xx that are answers, not errors. */
  readonly accept?: readonly number[];
}
