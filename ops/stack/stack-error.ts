/** Why the local stack could not be started. The message is one sentence for a person and says what to do. */
export class StackError extends Error {
  readonly code: "PORT_TAKEN" | "START_FAILED" | "SETUP_MISSING" | "DISK_FULL" | "BUSY";

  constructor(code: StackError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StackError";
    this.code = code;
  }
}
