/* Sums of the decimal fields per object: as loaded, and as found at the destination. */
SELECT object, field, sumIf(amount, side = 'expected') AS expected, sumIf(amount, side = 'found') AS found
FROM
(
  SELECT DISTINCT s.object AS object, s.key AS key, s.side AS side, f.field AS field,
    toDecimal128OrZero(ifNull(x.fields[f.field], '0'), 6) AS amount
  FROM
  (
    SELECT topic, partition, offset, fields FROM load_record
    UNION ALL SELECT topic, partition, offset, fields FROM observed_row WHERE kind = 'row'
  ) AS x
  INNER JOIN
  (
    SELECT object, key, entity, at.1 AS topic, at.2 AS partition, at.3 AS offset, at.4 AS side
    FROM
    (
      SELECT object, key, entity,
        arrayJoin(arrayFilter(place -> place.5, [
          (load_topic, load_partition, load_offset, 'expected', is_loaded AND NOT is_delete),
          (read_topic, read_partition, read_offset, 'found', living > 0 AND NOT is_gone)
        ])) AS at
      FROM record_state
    )
  ) AS s ON s.topic = x.topic AND s.partition = x.partition AND s.offset = x.offset
  INNER JOIN (SELECT * FROM plan_field WHERE type = 'decimal') AS f ON f.object = s.object AND f.entity = s.entity
)
GROUP BY object, field
