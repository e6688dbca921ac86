import { ApiError, notFound } from "./api-error.ts";
import type { Route } from "./call.ts";

/** A route with the parts of the address it took. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a method and path; throws the 404 or 405 a real server gives. */
export type Router = (method: string, path: string, version: number) => Match;

/** A router over routes; the first that fits wins. */
export function routerOf(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, parts: route.path.split("/").slice(1) }));
  return (method, path, version) => {
    if (!isThere(method, path, version)) throw notFound();
    const segments = path.replace(/\/$/, "").split("/").slice(1).map(decoded);
    const allowed = new Set<string>();
    for (const { route, parts } of compiled) {
      const params = fit(parts, segments);
      if (params === undefined) continue;
      if (route.method === method) return { route, params };
      allowed.add(route.method);
    }
    if (allowed.size === 0) throw notFound();
    const list = [...allowed].join(", ");
    const message = `HTTP Method '${method}' not allowed. Allowed are ${list}`;
    throw new ApiError(405, "METHOD_NOT_ALLOWED", message);
  };
}

/** The versions in which resources appeared: REST and Bulk API 2.0 guides, "What's New" and release notes. */
const appeared: readonly (readonly [method: string, path: RegExp, version: number])[] = [
  ["PATCH", /^\/composite\/sobjects\/[^/]+\/./i, 46],
  ["*", /^\/composite\/sobjects\b/i, 42],
  ["*", /^\/composite\b/i, 38],
  ["*", /^\/jobs\/query\b/i, 47],
  ["*", /^\/jobs\/ingest\b/i, 41],
  ["*", /^\/limits\/recordCount\b/i, 40],
];

function isThere(method: string, path: string, version: number): boolean {
  const known = appeared.find(
    ([only, pattern]) => (only === "*" || only === method) && pattern.test(path),
  );
  return known === undefined || version >= known[2];
}

function fit(
  parts: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (parts.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [at, part] of parts.entries()) {
    const segment = segments[at] ?? "";
    if (part.startsWith(":")) params[part.slice(1)] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return params;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw new ApiError(400, "MALFORMED_QUERY", "The address is not properly encoded");
  }
}
