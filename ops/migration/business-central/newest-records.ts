import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { SourceEntity, SourceRecord } from "../../../pipeline/core/source-record.ts";
import { openCodecs } from "../../../pipeline/kafka/codec.ts";
import type { KafkaConnection } from "../../../pipeline/kafka/connection.ts";
import { readToEnd } from "../../../pipeline/kafka/reader.ts";
import { sourceTopic } from "../../../topics/index.ts";

/** The newest version of every record of some source topics, on disk: memory does not grow with them. */
export interface NewestRecords {
  /** Every record of an entity, deletes included, in the order of the ids. */
  of<T extends SourceRecord>(entity: SourceEntity): AsyncGenerator<T>;
  one<T extends SourceRecord>(entity: SourceEntity, id: string): Promise<T | undefined>;
  /** Tables for whoever needs more of an order than ids have. */
  readonly db: DatabaseSync;
}

const recordsATransaction = 5000;

/** Reads the topics to their ends as of now, hands the records on, and forgets them again. */
export async function withNewestRecords<T>(
  connection: KafkaConnection,
  migration: string,
  entities: readonly SourceEntity[],
  use: (records: NewestRecords) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "cutover-newest-"));
  const db = new DatabaseSync(join(folder, "records.sqlite"));
  try {
    db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -8000;");
    db.exec(
      "CREATE TABLE record (topic TEXT, id TEXT, body BLOB, PRIMARY KEY (topic, id)) WITHOUT ROWID",
    );
    const topicOf = (entity: SourceEntity): string => sourceTopic(migration, entity).name;
    await fill(db, connection, entities.map(topicOf));
    return await use(newestRecords(db, connection, topicOf));
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What has the same key has the same partition, so the last one read is the newest. */
async function fill(
  db: DatabaseSync,
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<void> {
  const put = db.prepare("INSERT OR REPLACE INTO record VALUES (?, ?, ?)");
  let open = 0;
  db.exec("BEGIN");
  await readToEnd(connection, topics, ({ topic, key, value }) => {
    if (value === null) return;
    put.run(topic, String(key), value);
    open += 1;
    if (open % recordsATransaction === 0) db.exec("COMMIT; BEGIN");
  });
  db.exec("COMMIT");
}

function newestRecords(
  db: DatabaseSync,
  connection: KafkaConnection,
  topicOf: (entity: SourceEntity) => string,
): NewestRecords {
  const codecs = openCodecs(connection);
  const decoded = <T>({ body }: Record<string, unknown>): Promise<T> => {
    const { buffer, byteOffset, byteLength } = body as Uint8Array;
    return codecs.decode<T>(Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength));
  };
  const one = db.prepare("SELECT body FROM record WHERE topic = ? AND id = ?");
  return {
    db,
    async *of<T>(entity: SourceEntity) {
      const all = db.prepare("SELECT body FROM record WHERE topic = ? ORDER BY id");
      for (const row of all.iterate(topicOf(entity))) yield await decoded<T>(row);
    },
    async one<T>(entity: SourceEntity, id: string) {
      const row = one.get(topicOf(entity), id);
      return row === undefined ? undefined : decoded<T>(row);
    },
  };
}
