import { ApiError } from "../rest/api-error.ts";
import type { SObject } from "../schema/sobject.ts";
import type { Bound, Leaf } from "./bind.ts";

const linkEnds = new Set(["ContentDocumentId", "LinkedEntityId"]);

/**
 * Refuses a statement on links of files that names neither end (Object Reference,
 * ContentDocumentLink, "Usage").
 */
export function checkRestrictions<S>(object: SObject, bound: Bound<S> | undefined): void {
  if (object.name !== "ContentDocumentLink") return;
  const names = ({ source, keys }: Leaf<S>): boolean =>
    linkEnds.has(source.field.name) && keys !== undefined;
  if (bound?.leaves.some(names) === true) return;
  const message =
    "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.";
  throw new ApiError(400, "MALFORMED_QUERY", message);
}
