/*
 * What stands in the picklists and lookups of the living rows of ours: rows per object, field and
 * value; a lookup counts as filled or empty.
 */
SELECT object, field, value, count() AS rows
FROM
(
  SELECT
    o.object AS object, f.field AS field,
    multiIf(f.type = 'reference', if(x.fields[f.field] IS NULL, 'empty', 'filled'),
      ifNull(x.fields[f.field], '')) AS value
  FROM observed_newest AS o
  INNER JOIN observed_row AS x ON x.topic = o.topic AND x.partition = o.partition AND x.offset = o.offset
  INNER JOIN plan_field AS f ON f.object = o.object
  WHERE NOT o.deleted AND o.key != '' AND f.type IN ('picklist', 'reference') AND NOT f.owner
  LIMIT 1 BY o.object, o.destination_id, f.field
)
GROUP BY object, field, value
ORDER BY object, field, rows DESC
