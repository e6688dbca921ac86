/* Create-only fields as they were in the version that created the row: they never change later. */
SELECT object, key, any(l.stamps) AS stamps
FROM load_record AS l
INNER JOIN outcome_newest AS o
  ON o.object = l.object AND o.key = l.key AND o.created_run = l.run AND o.created_offset = l.source_offset
WHERE notEmpty(l.stamps)
GROUP BY object, key
