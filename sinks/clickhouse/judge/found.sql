/*
 * The newest read of each of a chunk's rows, by record and part, a living row before a deleted one.
 * Whose a row without a key is, row_key says.
 */
SELECT
  object, record, part, living, n.1 AS destination_id, n.2 AS deleted, n.3 AS digest, n.4 AS row,
  n.5 AS owners, n.6 AS stamps, n.7 AS lookups, n.8 AS read_at, n.9 AS judged, n.10 AS outcome_before,
  n.11 AS topic, n.12 AS partition, n.13 AS offset, n.14 AS modified_by
FROM
(
  SELECT
    object, record, part, countIf(NOT deleted) AS living,
    argMax((destination_id, deleted, digest, row, owners, stamps, lookups, read_at, judged,
      outcome_before, topic, partition, offset, modified_by), (NOT deleted, found.read_at)) AS n
  FROM
  (
    SELECT
      x.*, if(x.key != '', splitByChar('/', x.key)[1], i.record) AS record,
      if(x.key != '', toInt32OrZero(splitByChar('/', x.key)[2]), i.part) AS part
    FROM
    (
      SELECT * FROM observed_newest
      WHERE destination_id IN
      (
        SELECT destination_id FROM observed_row WHERE key != '' AND {{base_chunk}}
        UNION ALL SELECT destination_id FROM row_key_next WHERE keyless AND {{record_chunk}}
      )
    ) AS x
    LEFT JOIN (SELECT destination_id, record, part FROM row_key_next WHERE keyless AND {{record_chunk}}) AS i
      ON i.destination_id = x.destination_id
  ) AS found
  WHERE record != '' AND {{record_chunk}}
  GROUP BY object, record, part
)
