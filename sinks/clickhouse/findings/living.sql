/* Living source records of one chunk at their newest version, with what the findings are made of. */
SELECT entity, n.1 AS source_id, n.2 AS facts, n.3 AS kinds, n.4 AS properties
FROM
(
  SELECT entity, key, argMax((source_id, facts, kinds, properties, deleted), offset) AS n
  FROM source_record
  WHERE {{chunk}}
  GROUP BY entity, key
)
WHERE NOT n.5
