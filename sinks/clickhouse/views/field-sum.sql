/* Sums of the decimal fields per object: as loaded, and as found at the destination. */
SELECT object, field, sumIf(amount, side = 'expected') AS expected, sumIf(amount, side = 'found') AS found
FROM
(
  SELECT x.object AS object, s.side AS side,
    arrayJoin(mapKeys(x.amounts)) AS field, toDecimal128OrZero(x.amounts[field], 6) AS amount
  FROM
  (
    SELECT object, topic, partition, offset, amounts FROM load_record FINAL WHERE notEmpty(amounts)
    UNION ALL SELECT object, topic, partition, offset, amounts FROM observed_row FINAL WHERE notEmpty(amounts)
  ) AS x
  INNER JOIN
  (
    SELECT at.1 AS topic, at.2 AS partition, at.3 AS offset, at.4 AS side
    FROM
    (
      SELECT arrayJoin(arrayFilter(place -> place.5, [
          (load_topic, load_partition, load_offset, 'expected', is_loaded AND NOT is_delete AND part <= 1),
          (read_topic, read_partition, read_offset, 'found', living > 0 AND NOT is_gone AND part <= 1)
        ])) AS at
      FROM record_state
    )
  ) AS s ON s.topic = x.topic AND s.partition = x.partition AND s.offset = x.offset
)
GROUP BY object, field
