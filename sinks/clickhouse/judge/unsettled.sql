/*
 * Objects without a key of which a request is open, or its end not read yet: a row nobody claims may
 * be that request's.
 */
SELECT DISTINCT object
FROM
(
  SELECT object, key, max((run, source_offset)) AS known, maxIf((run, source_offset), is_settled) AS settled
  FROM
  (
    SELECT object, key, run, source_offset, false AS is_settled FROM request_key
    UNION ALL SELECT object, key, run, source_offset, false FROM outcome
    UNION ALL SELECT object, key, run, source_offset, true FROM identity
    UNION ALL SELECT object, key, run, source_offset, true FROM parked
  )
  WHERE object IN (SELECT object FROM plan_object WHERE keyless)
  GROUP BY object, key
)
WHERE known > settled
