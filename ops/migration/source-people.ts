import type { SourceEntity } from "../../pipeline/core/source-record.ts";
import { openLog } from "../../pipeline/stage/log.ts";
import { openMetrics } from "../../pipeline/stage/metrics.ts";
import { Fault } from "../../pipeline/source/coerce.ts";
import { openHttp } from "../../pipeline/source/http.ts";
import { loadProfile } from "../../pipeline/source/profile.ts";
import { compileSelect } from "../../pipeline/source/select.ts";
import { httpReader } from "../../pipeline/source/stream-reader.ts";
import type { Migration } from "./migration-file.ts";
import type { SourcePerson } from "./owners.ts";

const peopleEntities = new Set<SourceEntity>(["technician", "user"]);

/** Technicians and office users as the source has them now; rows that cannot be read are left to the poller. */
export async function sourcePeople(migration: Migration): Promise<readonly SourcePerson[]> {
  const { source, streams } = loadProfile(migration.profilePath);
  const http = openHttp(source, { log: openLog("preflight", "warn"), metrics: openMetrics() });
  const people: SourcePerson[] = [];
  const stop = new AbortController();
  try {
    for (const stream of streams.filter(({ entity }) => peopleEntities.has(entity))) {
      const select = compileSelect(stream.entity, stream.fields, {
        timezone: source.timezone,
        format: stream.incremental.datetime_format,
        idField: stream.primary_key,
      });
      for await (const page of httpReader(stream, http).pages("beginning", stop.signal)) {
        for (const row of page.rows) {
          const record = select(row);
          if (!(record instanceof Fault)) people.push(person(stream.entity, record));
        }
      }
    }
  } finally {
    await http.close();
  }
  return people;
}

function person(entity: SourceEntity, record: Record<string, unknown>): SourcePerson {
  return {
    entity: entity as SourcePerson["entity"],
    id: String(record["id"]),
    name: (record["name"] as string | null) ?? null,
    email: (record["email"] as string | null) ?? null,
  };
}
