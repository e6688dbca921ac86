import { CutoverError } from "../core/errors.ts";
import type { Action, Reply } from "./reply.ts";

/** The source asks to page differently; the reader does so. */
export class PagingAsked extends Error {
  readonly how: "reset" | "smaller";

  constructor(how: "reset" | "smaller", message: string) {
    super(message);
    this.how = how;
  }
}

/** What an answer that is none ends in. */
export function failureOf(action: Action, reply: Reply, path: string): Error {
  const { status } = reply;
  if (action === "RESET_PAGINATION") return new PagingAsked("reset", `${path}: cursor expired`);
  if (action === "REDUCE_PAGE_SIZE") return new PagingAsked("smaller", `${path}: page too heavy`);
  if (status === 403) {
    return new CutoverError(
      "SOURCE_SCOPE_MISSING",
      `The source refuses ${path} (status 403): the credentials lack a scope for it. Grant it to the client, ` +
        "name it in source.auth.scopes, or take the stream out of the profile.",
    );
  }
  const redirect = status >= 300 && status < 400 ? ": it redirects; name the final address" : "";
  return new CutoverError(
    "PROFILE_INVALID",
    `The source refuses ${path} with status ${status}${redirect}. Check path and params of that stream.`,
  );
}
