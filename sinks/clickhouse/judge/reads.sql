/*
 * The newest read of every row of one chunk of the destination's rows, and whose it is: what the row says,
 * or row_key where it carries no key. `is_asked`: the row, asked for by name, showed the same;
 * `asked_before`: how far outcomes had come at the newest such question.
 */
SELECT
  x.object AS object, if(x.key != '', splitByChar('/', x.key)[1], i.record) AS record,
  if(x.key != '', toInt32OrZero(splitByChar('/', x.key)[2]), i.part) AS part,
  x.destination_id AS destination_id, x.deleted AS deleted, x.digest AS digest, x.row AS row, x.owners AS owners,
  x.stamps AS stamps, x.lookups AS lookups, x.read_at AS read_at, x.judged AS judged,
  x.outcome_before AS outcome_before, x.topic AS topic, x.partition AS partition, x.offset AS offset,
  x.modified_by AS modified_by, e.outcome_before AS asked_before,
  e.known AND e.shown = (x.digest, x.row, x.owners, x.lookups, x.stamps) AS is_asked
FROM (SELECT * FROM observed_newest WHERE {{id_chunk}}) AS x
LEFT JOIN (SELECT destination_id, record, part FROM row_key_next WHERE keyless AND {{id_chunk}}) AS i
  ON i.destination_id = x.destination_id
LEFT JOIN
(
  SELECT destination_id, true AS known, argMax(outcome_before, asked.read_at) AS outcome_before,
    argMax((digest, row, owners, lookups, stamps), asked.read_at) AS shown
  FROM
  (
    SELECT w.destination_id AS destination_id, w.read_at AS read_at, v.outcome_before AS outcome_before,
      digest, row, owners, lookups, stamps
    FROM (SELECT * FROM observed_row WHERE lane = 'ask' AND {{id_chunk}}) AS w
    INNER JOIN read_vector AS v ON v.object = w.object AND v.read_at = w.read_at AND v.read_id = w.read_id
    WHERE v.judged
  ) AS asked
  GROUP BY destination_id
) AS e ON e.destination_id = x.destination_id
WHERE record != ''
