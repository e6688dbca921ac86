/*
 * Every source record at its newest version; `place` is its offset, which orders its versions.
 * Grouped by key and not by id, so that a condition on the key is met before the grouping.
 */
SELECT
  entity, n.1 AS source_id, key,
  n.2 AS topic, n.3 AS partition, place,
  n.4 AS deleted, n.5 AS delete_reason, n.6 AS members, n.7 AS committed_at, n.8 AS read_at
FROM
(
  SELECT
    entity, key, max(offset) AS place,
    argMax((source_id, topic, partition, deleted, delete_reason, members, committed_at, read_at), offset) AS n
  FROM source_record
  GROUP BY entity, key
)
