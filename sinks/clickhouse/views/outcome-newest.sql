/*
 * The newest outcome of every record, where its last write to the destination ended (`write_end`,
 * -1 without one), and the version that created its row.
 */
SELECT
  object, key, version.1 AS run, version.2 AS source_offset,
  n.1 AS outcome, n.2 AS reason, n.3 AS code, n.4 AS field, n.5 AS message, n.6 AS ended_at,
  n.7 AS partition, write_end, created_version.1 AS created_run, created_version.2 AS created_offset,
  destination_id, n.8 AS source_id, n.9 AS entity
FROM
(
  SELECT
    object, key, max((outcome.run, outcome.source_offset)) AS version,
    argMax((outcome, reason, code, field, message, ended_at, partition, source_id, entity),
      (outcome.run, outcome.source_offset, outcome.offset)) AS n,
    max(if(outcome.outcome IN ('created', 'updated', 'deleted'), offset, -1)) AS write_end,
    maxIf((outcome.run, outcome.source_offset), outcome.outcome = 'created') AS created_version,
    argMax(outcome.destination_id, (outcome.run, outcome.source_offset, outcome.offset)) AS destination_id
  FROM outcome
  GROUP BY object, key
)
