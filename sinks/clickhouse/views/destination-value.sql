/*
 * What stands in the picklists and lookups of the living rows of ours: rows per object, field and
 * value; a lookup counts as filled or empty.
 */
SELECT object, field, value, count() AS rows
FROM
(
  SELECT
    x.object AS object, f.field AS field,
    multiIf(f.type = 'picklist', JSONExtractString(x.fields, f.field),
      x.lookups[f.field] = '', 'empty', 'filled') AS value
  FROM observed_row AS x FINAL
  INNER JOIN
  (
    SELECT DISTINCT object, field, type FROM plan_field
    WHERE type IN ('picklist', 'reference') AND NOT owner
  ) AS f ON f.object = x.object
  WHERE (topic, partition, offset) IN
    (SELECT read_topic, read_partition, read_offset FROM record_state WHERE living > 0 AND NOT is_gone)
)
GROUP BY object, field, value
ORDER BY object, field, rows DESC
