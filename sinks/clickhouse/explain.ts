import type { Database } from "./database.ts";

/** One thing that happened to a record, in its order. */
export interface RecordEvent {
  readonly at: string;
  readonly stage: string;
  readonly version: string;
  readonly what: string;
  readonly detail: string;
}

const of = "object = {object:String} AND key = {key:String}";

/** Rows of the record, and those it claims where they carry no key. */
const rowsOf = `object = {object:String} AND (splitByChar('/', key)[1] = {key:String} OR destination_id IN
  (SELECT destination_id FROM row_key WHERE keyless AND object = {object:String} AND record = {key:String}))`;

/** Where each stage's part of a record's life is; every part has the columns of `RecordEvent`. */
const parts = [
  `SELECT committed_at AS at, 'source' AS stage, concat(toString(partition), ':', toString(offset)) AS version,
     if(deleted, concat('deleted (', ifNull(delete_reason, ''), ')'), ifNull(members, 'read')) AS what,
     concat('read ', toString(read_at), ifNull(concat(', order ', order_id), '')) AS detail
   FROM source_record FINAL WHERE key = {key:String} AND entity IN (SELECT entity FROM plan_object WHERE object = {object:String})`,
  `SELECT committed_at AS at, 'transform' AS stage, concat(toString(source_partition), ':', toString(source_offset)) AS version,
     operation AS what, concat(if(empty(rows), '', concat(toString(length(rows)), ' rows ')), if(repair, 'repair', '')) AS detail
   FROM load_record FINAL WHERE ${of}`,
  `SELECT at, 'transform' AS stage, concat(toString(source_partition), ':', toString(source_offset)) AS version,
     'rejected' AS what, concat(code, ' ', ifNull(field, ''), ' ', message) AS detail
   FROM rejected FINAL WHERE key = {key:String} AND object IN ('', {object:String}) AND stage != 'load'`,
  `SELECT at, 'load' AS stage, concat(toString(k.source_partition), ':', toString(k.source_offset)) AS version,
     concat(k.operation, ' ', r.state) AS what, concat(r.channel, ' ', ifNull(r.job_id, r.request_id)) AS detail
   FROM request AS r FINAL INNER JOIN (SELECT DISTINCT * FROM request_key WHERE ${of}) AS k ON k.request_id = r.request_id`,
  `SELECT since AS at, 'load' AS stage, concat(toString(source_partition), ':', toString(source_offset)) AS version,
     if(removed, 'parked no more', concat('parked: ', reason)) AS what,
     concat(ifNull(waits_for_key, ''), ' ', ifNull(message, '')) AS detail
   FROM parked FINAL WHERE NOT removed AND ${of}`,
  `SELECT ended_at AS at, 'outcome' AS stage, concat(toString(source_partition), ':', toString(source_offset)) AS version,
     outcome AS what, concat(ifNull(reason, ''), ' ', ifNull(code, ''), ' ', ifNull(message, ''), ' ', ifNull(destination_id, '')) AS detail
   FROM outcome FINAL WHERE ${of}`,
  `SELECT read_at AS at, 'read back' AS stage, '' AS version,
     if(deleted, 'deleted', 'there') AS what,
     concat(lane, ' ', destination_id, if(part > 0, concat(', row ', toString(part)), '')) AS detail
   FROM (SELECT * FROM observed_row FINAL WHERE ${rowsOf}) AS r
   LEFT JOIN (SELECT destination_id, part FROM row_key WHERE record = {key:String}) AS k ON k.destination_id = r.destination_id`,
  `SELECT DISTINCT read_at AS at, 'read back' AS stage, '' AS version, 'asked for, not there' AS what, read_id AS detail
   FROM observed_read WHERE kind = 'absent' AND object = {object:String} AND splitByChar('/', key)[1] = {key:String}`,
  `SELECT now64(3) AS at, 'now' AS stage, '' AS version, state AS what,
     concat(reason, ' ', ifNull(detail, ''), if(part > 0, concat(' row ', toString(part)), '')) AS detail
   FROM record_state WHERE object = {object:String} AND record = {key:String} ORDER BY part`,
];

/**
 * Every version of one record on its way, oldest first; the last lines are its state now, one a row.
 * The key may name one row of several (`note-1/2`): its record is shown.
 */
export async function explainRecord(
  database: Database,
  object: string,
  rowKey: string,
): Promise<readonly RecordEvent[]> {
  const events: RecordEvent[] = [];
  const [key = ""] = rowKey.split("/");
  for (const part of parts) {
    events.push(...(await database.select<RecordEvent>(part, { object, key })));
  }
  return events
    .map((event) => ({ ...event, detail: event.detail.replace(/ +/g, " ").trim() }))
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
