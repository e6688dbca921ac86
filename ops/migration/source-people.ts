import type { SourceEntity } from "../../pipeline/core/source-record.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { Fault } from "../../pipeline/source/coerce.ts";
import { openHttp } from "../../pipeline/source/http.ts";
import { compileStreams } from "../../pipeline/source/compiled-stream.ts";
import { loadProfile } from "../../pipeline/source/profile.ts";
import { httpReader } from "../../pipeline/source/stream-reader.ts";
import type { Migration } from "./migration-file.ts";
import type { SourcePerson } from "./owners.ts";

const peopleEntities = new Set<SourceEntity>(["technician", "user"]);

/** Technicians and office users as the source has them now; rows that cannot be read are left to the poller. */
export async function sourcePeople(migration: Migration): Promise<readonly SourcePerson[]> {
  const profile = loadProfile(migration.profilePath);
  const http = openHttp(profile.source, {
    log: openLog("preflight", "warn"),
    metrics: openMetrics(),
  });
  const people: SourcePerson[] = [];
  const stop = new AbortController();
  try {
    for (const stream of compileStreams(profile).filter(({ entity }) =>
      peopleEntities.has(entity),
    )) {
      const reader = httpReader(stream.profile, http);
      for await (const page of reader.pages("beginning", stop.signal)) {
        for (const row of page.rows) {
          const record = stream.select(row);
          const gone = stream.deathOf(row) !== null;
          if (!(record instanceof Fault)) people.push(person(stream.entity, record, gone));
        }
      }
    }
  } finally {
    await http.close();
  }
  return people;
}

function person(
  entity: SourceEntity,
  record: Record<string, unknown>,
  deleted: boolean,
): SourcePerson {
  return {
    entity: entity as SourcePerson["entity"],
    id: String(record["id"]),
    name: (record["name"] as string | null) ?? null,
    email: (record["email"] as string | null) ?? null,
    gone: deleted || (entity === "user" && record["active"] === false),
  };
}
