/*
 * Every load record of the newest run at its newest version: what is expected at the destination.
 * `rows`: a hash for each of several rows, nothing where the record is one.
 */
SELECT
  object, key, version.1 AS run, version.2 AS source_offset,
  n.1 AS entity, n.2 AS source_id, n.3 AS operation, n.4 AS committed_at,
  n.5 AS digest, n.6 AS owners, n.7 AS stamps,
  n.8 AS topic, n.9 AS partition, n.10 AS offset, n.11 AS lookups, n.12 AS rows
FROM
(
  SELECT
    object, key, max((load_record.run, load_record.source_offset)) AS version,
    argMax(
      (entity, source_id, operation, committed_at, digest, owners, stamps, topic, partition, offset, lookups, rows),
      (load_record.run, load_record.source_offset, load_record.offset)
    ) AS n
  FROM load_record
  WHERE load_record.run = (SELECT run FROM current_run)
  GROUP BY object, key
)
