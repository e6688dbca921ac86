/** What else than the plan is expected of an environment. */
export interface SchemaOptions {
  /** Professional's licence allows fifteen custom tables. */
  readonly edition: "enterprise" | "professional";
  /** The publisher's prefix our tables and columns begin with, without `_`. */
  readonly publisherPrefix: string;
  /** The settings a custom table is there by, such as `crew: rows`, by table; see `tableSettings`. */
  readonly tableSettings?: ReadonlyMap<string, string>;
  /** Whether our writes pass plug-ins by, which takes a privilege. */
  readonly bypassPlugins?: boolean;
  /** Whether our writes ask for duplicate detection. */
  readonly duplicateDetection?: boolean;
  /** The price list of lines of the catalogue; absent: all lines are written in. */
  readonly priceList?: string;
  /** Bytes of the largest file that is to be loaded. */
  readonly largestFile?: number;
}

/** How long creating waits for what the environment does by itself. */
export interface CreateOptions extends SchemaOptions {
  /** Milliseconds until the index of a new alternate key must be ready; absent: half an hour. */
  readonly keyWaitMs?: number;
  /** Milliseconds between two looks at what is not ready yet; absent: five seconds. */
  readonly pollMs?: number;
}
