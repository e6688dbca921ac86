/*
 * The newest rejection of every record, per object it concerns (a letter without an object concerns
 * every object its entity feeds). Refusals of the destination are outcomes and not in here.
 */
SELECT
  object, key, n.1 AS entity, n.2 AS source_id, n.3 AS code, n.4 AS field, n.5 AS message,
  n.6 AS source_offset, n.7 AS at, n.8 AS stage
FROM
(
  SELECT
    o.object AS object, r.key AS key,
    argMax((r.entity, r.source_id, r.code, r.field, r.message, r.source_offset, r.at, r.stage),
      (r.at, r.source_offset)) AS n
  FROM rejected AS r
  INNER JOIN plan_object AS o ON o.entity = r.entity
  WHERE r.stage != 'load' AND (r.object = '' OR r.object = o.object)
  GROUP BY object, key
)
