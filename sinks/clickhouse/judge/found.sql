/* The read that counts of each of a chunk's rows, by record and part: a living row before a deleted one. */
SELECT
  object, record, part, living, n.1 AS destination_id, n.2 AS deleted, n.3 AS digest, n.4 AS row,
  n.5 AS owners, n.6 AS stamps, n.7 AS lookups, n.8 AS read_at, n.9 AS judged, n.10 AS outcome_before,
  n.11 AS topic, n.12 AS partition, n.13 AS offset, n.14 AS modified_by, n.15 AS is_asked, n.16 AS asked_before
FROM
(
  SELECT
    object, record, part, countIf(NOT deleted) AS living,
    argMax((destination_id, deleted, digest, row, owners, stamps, lookups, read_at, judged,
      outcome_before, topic, partition, offset, modified_by, is_asked, asked_before), (NOT deleted, judge_reads.read_at)) AS n
  FROM judge_reads
  WHERE {{record_chunk}}
  GROUP BY object, record, part
)
