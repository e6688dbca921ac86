/* The rows asked for by one chunk of the records; `part` counts from 1 where a record is several. */
SELECT
  object, key AS record,
  arrayJoin(if(empty(rows) OR operation = 'delete', [toInt32(0)], arrayMap(n -> toInt32(n), arrayEnumerate(rows)))) AS part,
  if(part = 0, '', rows[part]) AS row, toInt32(length(rows)) AS parts,
  run, source_offset, entity, source_id, operation, committed_at, digest, owners, stamps, lookups,
  topic, partition, offset
FROM load_newest
WHERE {{chunk}}
