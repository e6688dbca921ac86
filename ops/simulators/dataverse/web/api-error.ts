/** An error as the Web API gives it: `{"error":{"code":"0x8…","message":"…"}}` with an HTTP status. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    status: number,
    code: string,
    message: string,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** 404: no row of this table has this id. */
export function noSuchRow(table: string, id: string): ApiError {
  return new ApiError(404, "0x80040217", `${table} With Id = ${id} Does Not Exist`);
}

/** 404: there is no such entity set, function or action. */
export function noSuchSegment(name: string): ApiError {
  return new ApiError(404, "0x8006088a", `Resource not found for the segment '${name}'.`);
}

/** 400: the payload says something the table does not know. */
export function badPayload(table: string, said: string): ApiError {
  const message = `Error identified in Payload provided by the user for Entity :'${table}', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${said}`;
  return new ApiError(400, "0x80048d19", message);
}

/** 400: the query cannot be read. */
export function badQuery(message: string): ApiError {
  return new ApiError(400, "0x80060888", message);
}

/** 400: an argument is wrong. */
export function badArgument(message: string): ApiError {
  return new ApiError(400, "0x80040203", message);
}

/** 501: the simulator does not have this (yet). */
export function notImplemented(what: string): ApiError {
  return new ApiError(501, "0x80060888", `${what} is not implemented.`);
}
