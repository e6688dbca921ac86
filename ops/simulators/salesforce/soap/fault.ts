/** A refusal of a whole SOAP call; its code stands behind the prefix `sf:`. */
export class SoapFault extends Error {
  readonly code: string;
  /** The element of the detail, such as `LoginFault`; without one the fault has none. */
  readonly detail: string | undefined;
  constructor(code: string, message: string, detail?: string) {
    super(message);
    this.name = "SoapFault";
    this.code = code;
    this.detail = detail;
  }
}

/** What a missing or ended session is answered with. */
export function invalidSession(): SoapFault {
  const message = "Invalid Session ID found in SessionHeader: Illegal Session";
  return new SoapFault("INVALID_SESSION_ID", message, "UnexpectedErrorFault");
}
