import type { RowError } from "../dml/row-error.ts";

/** A refusal of a whole request; the reply's body is an array of one error. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly string[] | undefined;
  readonly detail: RowError["detail"];
  constructor(
    status: number,
    code: string,
    message: string,
    fields?: readonly string[],
    detail?: RowError["detail"],
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.detail = detail;
  }
}

/** The answer to an address or record that is not there. */
export function notFound(message = "The requested resource does not exist"): ApiError {
  return new ApiError(404, "NOT_FOUND", message);
}

/** A refused row as the refusal of its request. */
export function refusedRow(error: RowError): ApiError {
  const status = error.code === "NOT_FOUND" ? 404 : 400;
  return new ApiError(status, error.code, error.message, error.fields, error.detail);
}

/** The body of a refusal. */
export function errorBody(error: ApiError): object[] {
  const { message, code: errorCode, fields, detail } = error;
  return [{ message, errorCode, ...(fields === undefined ? {} : { fields }), ...detail }];
}
