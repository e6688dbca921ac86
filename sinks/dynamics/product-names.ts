import type { ObjectPlan } from "../../pipeline/core/plan.ts";

const lines = "opportunityproduct";
/** Stands between the names and why none of them counted; our reasons hold no empty line. */
const because = "\n\nWritten in: ";

/**
 * The field of a plan whose lines may be of the catalogue: the names a line's product may have, one to
 * a line, and below them why none of them counted. Undefined where a plan's lines are all written in.
 */
export function productNamesField({ object, keyField, fields }: ObjectPlan): string | undefined {
  const name = keyField.replace(/sourcekey$/, "productnames");
  return object === lines && fields.some((field) => field.name === name) ? name : undefined;
}

/** The names of a line's product, the one that counts first. */
export function namesIn(asked: string): readonly string[] {
  return asked
    .split(/[\r\n]+/)
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

/** What is written of the names of a line, and why it is written in. */
export function withReason(asked: string, why: string | undefined): string {
  if (why !== undefined) return `${asked}${because}${why}`;
  // What the source says is not taken for a reason of ours.
  return asked.includes(because) ? `${asked}${because}no product has such a number` : asked;
}

/** What a record asked for, as `withReason` wrote it. */
export function withoutReason(text: string): string {
  const at = text.lastIndexOf(because);
  return at < 0 ? text : text.slice(0, at);
}

/** A product's number as it is compared. */
export function foldedName(name: string): string {
  return name.normalize("NFC").trim().toLowerCase();
}
