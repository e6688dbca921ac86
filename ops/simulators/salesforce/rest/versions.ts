import { type Call, dataPath, ok, type Reply, type Route } from "./call.ts";

/** The API versions this org speaks. */
export const versions = { oldest: 31, newest: 67 } as const;

const seasons = ["Winter", "Spring", "Summer"];

/** `GET /services/data`, which needs no session. */
export function listVersions(): Reply {
  const list = [];
  for (let version = versions.oldest; version <= versions.newest; version++) {
    // Version 31 was Summer '14; three releases a year, and Winter carries the next year's number.
    const release = version - 31 + 2;
    const year = 14 + Math.floor(release / 3);
    const label = `${seasons[release % 3]} '${year}`;
    list.push({ label, url: dataPath(version), version: version.toFixed(1) });
  }
  return ok(list);
}

const resources = [
  "tooling",
  "metadata",
  "sobjects",
  "query",
  "queryAll",
  "search",
  "limits",
  "jobs",
  "composite",
  "parameterizedSearch",
  "recent",
];

/** `GET /services/data/vXX.X`: what there is. */
export const resourceRoute: Route = {
  method: "GET",
  path: "",
  handle(call: Call) {
    const root = dataPath(call.version);
    const map = Object.fromEntries(resources.map((name) => [name, `${root}/${name}`]));
    return ok({ ...map, identity: `${call.base}/id/${call.org.id}/${call.session.userId}` });
  },
};
