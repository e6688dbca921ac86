import { newGuid } from "../identifier.ts";

/** An error of the token endpoint. */
export class TokenRefused extends Error {
  readonly status: number;
  readonly error: string;
  readonly number: number;
  constructor(status: number, error: string, number: number, message: string) {
    super(message);
    this.name = "TokenRefused";
    this.status = status;
    this.error = error;
    this.number = number;
  }
}

/** The body of such an error, as Entra words it. */
export function refusalBody(refused: TokenRefused, now: number): object {
  const timestamp = `${new Date(now).toISOString().slice(0, 19).replace("T", " ")}Z`;
  const trace = newGuid();
  const correlation = newGuid();
  const description = `AADSTS${refused.number}: ${refused.message} Trace ID: ${trace} Correlation ID: ${correlation} Timestamp: ${timestamp}`;
  return {
    error: refused.error,
    error_description: description,
    error_codes: [refused.number],
    timestamp,
    trace_id: trace,
    correlation_id: correlation,
    error_uri: `https://login.microsoftonline.com/error?code=${refused.number}`,
  };
}
