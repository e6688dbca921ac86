/* Rows read of objects without a key: nobody's, until a claim replaces the line. */
SELECT destination_id, object, concat('id:', destination_id) AS record, toInt32(0) AS part,
  true AS keyless, toUInt64(0) AS claimed
FROM
(
  SELECT DISTINCT destination_id, object FROM observed_row
  WHERE object IN (SELECT object FROM plan_object WHERE keyless)
)
