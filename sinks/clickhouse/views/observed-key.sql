/* The destination's rows by source key: how many live, and the newest read (a living row's first). */
SELECT
  object, key, living, n.1 AS destination_id, n.2 AS deleted, n.3 AS digest, n.4 AS owners,
  n.5 AS stamps, n.6 AS lane, n.7 AS read_at, n.8 AS judged, n.9 AS outcome_before,
  n.10 AS topic, n.11 AS partition, n.12 AS offset, n.13 AS modified_by, n.14 AS modified_at, n.15 AS clearable
FROM
(
  SELECT
    object, key, countIf(NOT deleted) AS living,
    argMax((destination_id, deleted, digest, owners, stamps, lane, read_at, judged,
      outcome_before, topic, partition, offset, modified_by, modified_at, clearable),
      (NOT deleted, observed_newest.read_at)) AS n
  FROM observed_newest
  WHERE key != ''
  GROUP BY object, key
)
