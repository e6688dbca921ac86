/* Every source record at its newest version; `place` is its offset, which orders its versions. */
SELECT
  entity, source_id, key,
  n.1 AS topic, n.2 AS partition, place,
  n.3 AS deleted, n.4 AS delete_reason, n.5 AS members, n.6 AS committed_at, n.7 AS read_at
FROM
(
  SELECT
    entity, source_id, any(source_record.key) AS key, max(offset) AS place,
    argMax((topic, partition, deleted, delete_reason, members, committed_at, read_at), offset) AS n
  FROM source_record
  GROUP BY entity, source_id
)
