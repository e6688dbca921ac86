/** What an environment's own logic does with our writes. */
export interface WriteOptions {
  /** Whether duplicate detection rules judge our rows; those they match are then refused. Default false. */
  readonly detectDuplicates?: boolean;
  /** Whether plug-ins and workflows are skipped: none, those that run at once, or all. Takes a privilege. Default none. */
  readonly bypassLogic?: "none" | "sync" | "all";
  /** Whether cloud flows are left out. Default false. */
  readonly bypassFlows?: boolean;
}

/** Headers of every write. */
export type WriteHeaders = Readonly<Record<string, string>>;

/** The headers that say it to the service. */
export function writeHeaders(options: WriteOptions): WriteHeaders {
  const { detectDuplicates = false, bypassLogic = "none", bypassFlows = false } = options;
  return {
    "MSCRM.SuppressDuplicateDetection": String(!detectDuplicates),
    ...(bypassLogic === "none"
      ? {}
      : {
          "MSCRM.BypassBusinessLogicExecution":
            bypassLogic === "sync" ? "CustomSync" : "CustomSync,CustomAsync",
        }),
    ...(bypassFlows ? { "MSCRM.SuppressCallbackRegistrationExpanderJob": "true" } : {}),
  };
}
