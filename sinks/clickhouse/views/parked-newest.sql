/* Records that wait, with the reason. */
SELECT
  object, key, n.1 AS run, n.2 AS source_offset, n.3 AS reason, n.4 AS field,
  n.5 AS waits_for_object, n.6 AS waits_for_key, n.7 AS message, n.8 AS since,
  n.9 AS next_try_at, n.10 AS attempts, n.12 AS entity, n.13 AS source_id
FROM
(
  SELECT
    object, key,
    argMax((run, source_offset, reason, field, waits_for_object, waits_for_key, message, since,
      next_try_at, attempts, removed, entity, source_id), offset) AS n
  FROM parked
  GROUP BY object, key
)
WHERE NOT n.11
