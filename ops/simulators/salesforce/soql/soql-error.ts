import { ApiError } from "../rest/api-error.ts";

/** Shows where in a statement something is wrong, as a real server does. */
function pointed(message: string, text: string, at: number): string {
  const from = Math.max(0, at - 20);
  const part = text.slice(from, at + 20).replaceAll("\n", " ");
  const caret = `${" ".repeat(at - from)}^`;
  return `\n${part}\n${caret}\nERROR at Row:1:Column:${at + 1}\n${message}`;
}

/** A statement that is no SOQL. */
export function malformed(message: string, text: string, at: number): ApiError {
  return new ApiError(400, "MALFORMED_QUERY", pointed(message, text, at));
}

/** A column that does not exist or cannot be used so. */
export function invalidField(message: string, text: string, at: number): ApiError {
  return new ApiError(400, "INVALID_FIELD", pointed(message, text, at));
}

/** The answer to a column that an object does not have. */
export function noSuchColumn(name: string, object: string, text: string, at: number): ApiError {
  const message = `No such column '${name}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`;
  return invalidField(message, text, at);
}

/** The answer to an object that does not exist. */
export function noSuchObject(name: string, text: string, at: number): ApiError {
  const message = `sObject type '${name}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new ApiError(400, "INVALID_TYPE", pointed(message, text, at));
}

/** The answer to a child list that does not exist. */
export function noSuchRelationship(name: string, text: string, at: number): ApiError {
  const message = `Didn't understand relationship '${name}' in FROM part of query call. If you are attempting to use a custom relationship, be sure to append the '__r' after the custom relationship name. Please reference your WSDL or the describe call for the appropriate names.`;
  return new ApiError(400, "INVALID_TYPE", pointed(message, text, at));
}
