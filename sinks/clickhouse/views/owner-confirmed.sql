/*
 * The confirmed owners, one a line: source key, destination user, and whether it was confirmed so from
 * the first (what is set once, like an author, was then set to that user).
 */
SELECT owner.1 AS source_key, owner.2 AS user_id, JSONExtractString(first, 'owners', source_key) = user_id AS is_first
FROM
(
  SELECT arrayJoin(JSONExtract(newest, 'owners', 'Map(String, String)')::Array(Tuple(String, String))) AS owner, first
  FROM
  (
    SELECT argMax(value, offset) AS newest, argMin(value, offset) AS first
    FROM control_event WHERE kind = 'owners' HAVING count() > 0
  )
)
