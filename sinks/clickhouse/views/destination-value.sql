/*
 * What stands in the picklists and lookups of the living rows of ours: rows per object, field and
 * value; a lookup counts as filled or empty.
 */
SELECT object, field, value, count() AS rows
FROM
(
  SELECT
    x.object AS object, f.field AS field,
    multiIf(f.type = 'reference', if(x.fields[f.field] IS NULL, 'empty', 'filled'),
      ifNull(x.fields[f.field], '')) AS value
  FROM observed_row AS x FINAL
  INNER JOIN
  (
    SELECT DISTINCT object, field, type FROM plan_field
    WHERE type IN ('picklist', 'reference') AND NOT owner
  ) AS f ON f.object = x.object
  WHERE (topic, partition, offset) IN
    (SELECT topic, partition, offset FROM observed_newest WHERE NOT deleted AND key != '')
)
GROUP BY object, field, value
ORDER BY object, field, rows DESC
