/*
 * The newest read of every destination row. `judged`: the ledger has read load, outcome and request
 * as far as the read's vectors, so nothing the read may have seen is unknown.
 */
SELECT
  object, destination_id, key, deleted, digest, owners, stamps, clearable, lane, read_id, read_at,
  modified_at, modified_by, outcome_before, topic, partition, offset,
  arrayAll((seen, wanted) -> seen >= wanted,
    arrayResize(outcome_reached, length(outcome_before)), outcome_before)
  AND arrayAll((seen, wanted) -> seen >= wanted,
    arrayResize(request_reached, length(request_after)), request_after)
  AND arrayAll((seen, wanted) -> seen >= wanted,
    arrayResize(c.reached_by_partition, length(load_before)), load_before) AS judged
FROM
(
  SELECT
    object, destination_id,
    n.1 AS key, n.2 AS deleted, n.3 AS digest, n.4 AS owners, n.5 AS stamps, n.6 AS lane,
    n.7 AS read_id, n.8 AS read_at, n.9 AS modified_at, n.10 AS modified_by,
    n.11 AS outcome_before, n.12 AS request_after, n.13 AS load_before,
    n.14 AS topic, n.15 AS partition, n.16 AS offset, n.17 AS clearable,
    (SELECT any(reached_by_partition) FROM consumed WHERE name = 'outcome') AS outcome_reached,
    (SELECT any(reached_by_partition) FROM consumed WHERE name = 'request') AS request_reached
  FROM
  (
    SELECT
      object, destination_id,
      argMax((key, deleted, digest, owners, stamps, lane, read_id, read_at, modified_at,
        modified_by, outcome_before, request_after, load_before, topic, partition, offset, clearable),
        observed_row.offset) AS n
    FROM observed_row
    WHERE kind = 'row'
    GROUP BY object, destination_id
  )
) AS r
LEFT JOIN consumed AS c ON c.name = r.object AND c.topic LIKE '%.load.%'
