/* A technician at work whose user is locked, or the other way round: reported, never written. */
SELECT 'active_differs' AS kind, 'technician' AS entity, t.source_id AS source_id
FROM
(
  SELECT source_id, NOT mapContains(facts, 'inactive') AS at_work FROM source_living WHERE entity = 'technician'
) AS t
INNER JOIN
(
  SELECT r.source_id AS source_id, x.may_sign_in AS may_sign_in
  FROM
  (
    SELECT topic, partition, offset, JSONExtractString(fields, 'may_sign_in') = 'true' AS may_sign_in
    FROM observed_row WHERE object IN (SELECT object FROM plan_object WHERE is_user)
  ) AS x
  INNER JOIN
  (
    SELECT source_id, read_topic, read_partition, read_offset FROM record_judged
    WHERE entity = 'technician' AND living > 0 AND object IN (SELECT object FROM plan_object WHERE is_user)
  ) AS r ON r.read_topic = x.topic AND r.read_partition = x.partition AND r.read_offset = x.offset
) AS u ON u.source_id = t.source_id
WHERE t.at_work != u.may_sign_in
