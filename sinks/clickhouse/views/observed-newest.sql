/*
 * The newest read of every destination row. `judged`: the ledger has read load, outcome and request
 * as far as the read's vectors, so nothing the read may have seen is unknown.
 */
SELECT
  r.object AS object, destination_id, key, deleted, digest, row, owners, stamps, lookups, lane, r.read_id AS read_id,
  r.read_at AS read_at, modified_at, modified_by, v.outcome_before AS outcome_before,
  topic, partition, offset, v.judged AS judged
FROM
(
  SELECT
    object, destination_id,
    n.1 AS key, n.2 AS deleted, n.3 AS digest, n.4 AS owners, n.5 AS stamps, n.6 AS lane,
    n.7 AS read_id, n.8 AS read_at, n.9 AS modified_at, n.10 AS modified_by,
    n.11 AS topic, n.12 AS partition, n.13 AS offset, n.14 AS lookups, n.15 AS row
  FROM
  (
    SELECT
      object, destination_id,
      argMax((key, deleted, digest, owners, stamps, lane, read_id, read_at, modified_at,
        modified_by, topic, partition, offset, lookups, row),
        observed_row.offset) AS n
    FROM observed_row
    GROUP BY object, destination_id
  )
) AS r
LEFT JOIN read_vector AS v ON v.object = r.object AND v.read_at = r.read_at AND v.read_id = r.read_id
