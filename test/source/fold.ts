import type { Meta } from "../../pipeline/core/generated/records.ts";
import { type SourceEntity, sourceEntities } from "../../pipeline/core/source-record.ts";
import { openCodecs } from "../../pipeline/kafka/codec.ts";
import { readToEnd } from "../../pipeline/kafka/reader.ts";
import { rejectedTopic, sourceTopic } from "../../topics/index.ts";
import type { PolledTenant } from "./polled-tenant.ts";

/** A source record as its topic holds it. */
export type Written = Record<string, unknown> & { readonly id: string; readonly meta: Meta };

/** The source topics folded, and every version in their order. */
export interface Fold {
  readonly versions: ReadonlyMap<SourceEntity, ReadonlyMap<string, readonly Written[]>>;
  /** Keys of the rejected topic with their headers. */
  readonly rejected: ReadonlyMap<string, Readonly<Record<string, string>>>;
  newest(entity: SourceEntity, id: string): Written | undefined;
  alive(entity: SourceEntity): ReadonlyMap<string, Written>;
  count(): number;
}

/** Reads everything the poller has written. */
export async function fold({ connection, migration }: PolledTenant): Promise<Fold> {
  const codecs = openCodecs(connection);
  const versions = new Map<SourceEntity, Map<string, Written[]>>();
  const byTopic = new Map(sourceEntities.map((e) => [sourceTopic(migration, e).name, e]));
  for (const entity of sourceEntities) versions.set(entity, new Map());
  await readToEnd(connection, [...byTopic.keys()], async ({ topic, value }) => {
    const record = await codecs.decode<Written>(value as Buffer);
    const ids = versions.get(byTopic.get(topic) as SourceEntity) as Map<string, Written[]>;
    ids.set(record.id, [...(ids.get(record.id) ?? []), record]);
  });
  const rejected = new Map<string, Readonly<Record<string, string>>>();
  await readToEnd(connection, [rejectedTopic(migration).name], ({ key, headers }) => {
    rejected.set(String(key), headers);
  });
  const newest = (entity: SourceEntity, id: string) => versions.get(entity)?.get(id)?.at(-1);
  return {
    versions,
    rejected,
    newest,
    alive(entity) {
      const ids = [...(versions.get(entity)?.keys() ?? [])];
      const records = ids.map((id) => [id, newest(entity, id) as Written] as const);
      return new Map(records.filter(([, record]) => !record.meta.deleted));
    },
    count: () =>
      [...versions.values()].flatMap((ids) => [...ids.values()]).reduce((n, v) => n + v.length, 0),
  };
}

/** Versions that say nothing new: written twice by a crash, or without a change. */
export function doubles({ versions }: Fold): string[] {
  const found: string[] = [];
  for (const [entity, ids] of versions) {
    for (const [id, list] of ids) {
      for (const [index, { meta }] of list.entries()) {
        const before = list[index - 1]?.meta;
        if (before === undefined || meta.order !== null) continue;
        const same = (["hash", "deleted", "members"] as const).every((f) => before[f] === meta[f]);
        if (same) found.push(`${entity} ${id}`);
      }
    }
  }
  return found;
}
