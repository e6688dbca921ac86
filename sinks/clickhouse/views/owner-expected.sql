/*
 * Whom rows should belong to, per combination of owners that load records ask for: a user's id by
 * name of the field; empty where nobody is named and there is no fallback.
 */
SELECT asked, groupArray(field) AS fields, groupArray(user_id) AS user_ids
FROM
(
  SELECT d.asked AS asked, d.field AS field, if(o.user_id != '', o.user_id, f.fallback) AS user_id
  FROM
  (
    SELECT asked, owner.1 AS field, owner.2 AS source_key
    FROM (SELECT toString(owners) AS asked, arrayJoin(any(owners)::Array(Tuple(String, String))) AS owner
      FROM load_record WHERE notEmpty(owners) GROUP BY asked)
  ) AS d
  LEFT JOIN
  (
    SELECT owner.1 AS source_key, owner.2 AS user_id
    FROM (SELECT arrayJoin(owners::Array(Tuple(String, String))) AS owner FROM owner_newest)
  ) AS o ON o.source_key = d.source_key
  CROSS JOIN (SELECT ifNull(owner_newest.fallback, '') AS fallback FROM owner_newest) AS f
)
GROUP BY asked
