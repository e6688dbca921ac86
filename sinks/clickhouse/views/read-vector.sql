/* The replies rows came with, and whether the ledger has read as far as their vectors. */
SELECT
  object, read_id, read_at, any(outcome_before) AS outcome_before,
  any(
    arrayAll((seen, wanted) -> seen >= wanted,
      arrayResize(outcome_reached, length(observed_read.outcome_before)), observed_read.outcome_before)
    AND arrayAll((seen, wanted) -> seen >= wanted,
      arrayResize(request_reached, length(request_after)), request_after)
    AND arrayAll((seen, wanted) -> seen >= wanted,
      arrayResize(load_reached, length(load_before)), load_before)
  ) AS judged
FROM
(
  SELECT
    o.object AS object, o.read_id AS read_id, o.read_at AS read_at, o.outcome_before AS outcome_before,
    o.request_after AS request_after, o.load_before AS load_before, c.reached_by_partition AS load_reached,
    (SELECT any(reached_by_partition) FROM consumed WHERE name = 'outcome') AS outcome_reached,
    (SELECT any(reached_by_partition) FROM consumed WHERE name = 'request') AS request_reached
  FROM observed_read AS o
  LEFT JOIN (SELECT * FROM consumed WHERE topic LIKE '%.load.%') AS c ON c.name = o.object
  WHERE o.kind = 'row'
) AS observed_read
GROUP BY object, read_id, read_at
