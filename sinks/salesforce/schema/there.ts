import { CutoverError } from "../../../pipeline/core/errors.ts";
import type { Component, SalesforceClient } from "../salesforce-client.ts";

/** The Metadata API takes no more components in one call. */
const componentsACall = 10;

/** In chunks of what one call of the Metadata API takes. */
export function chunksOf<T>(all: readonly T[]): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let at = 0; at < all.length; at += componentsACall) {
    chunks.push(all.slice(at, at + componentsACall));
  }
  return chunks;
}

/** Components that exist, seen by our user or not, by full name; none where it may not look. */
export async function componentsThere(
  client: SalesforceClient,
  type: "CustomField" | "CustomObject",
  names: readonly string[],
): Promise<ReadonlyMap<string, Component>> {
  const found = new Map<string, Component>();
  try {
    for (const chunk of chunksOf([...new Set(names)])) {
      for (const component of await client.readMetadata(type, chunk)) {
        found.set(component.fullName, component);
      }
    }
  } catch (error) {
    // Without the right to read metadata a hidden field is a missing one, and the remedy names both.
    if (!(error instanceof CutoverError) || error.code !== "SINK_PERMISSION_MISSING") throw error;
  }
  return found;
}
