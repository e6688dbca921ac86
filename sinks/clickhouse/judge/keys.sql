/*
 * Whose a destination row is, for one chunk of the records: by the loader's newest word, also where it
 * is about a deleted row. Of two claims to one row the living one counts, then the later.
 */
SELECT
  ids[n] AS destination_id, object, record, if(several, toInt32(n), 0) AS part, keyless,
  toUInt64(toUnixTimestamp64Milli(at) + if(is_over, 0, 1000000000000000)) AS claimed
FROM
(
  SELECT
    i.object AS object, i.key AS record, p.several AS several, p.keyless AS keyless,
    newest.1 AS at, newest.2 OR newest.3 AS is_over,
    arrayConcat([ifNull(last.1, '')], last.2) AS ids, arrayJoin(arrayEnumerate(ids)) AS n
  FROM
  (
    SELECT
      object, key, argMaxIf((destination_id, more_ids), offset, destination_id IS NOT NULL) AS last,
      argMax((at, deleted, rolled_back), offset) AS newest
    FROM identity
    WHERE {{chunk}}
    GROUP BY object, key
  ) AS i
  INNER JOIN
  (
    SELECT object, max(plan_object.keyless) AS keyless, max(plan_object.several) AS several
    FROM plan_object GROUP BY object
  ) AS p ON p.object = i.object
)
WHERE destination_id != ''
