/*
 * The newest sweep per object that has ended and whose rows the ledger has all read: what it did not
 * see was not there when it began. `our_user`: who read, and writes, in our name.
 */
SELECT object, max(begun_at) AS begun_at, argMax(outcome_before, sweep.begun_at) AS outcome_before,
  argMax(read_id, sweep.begun_at) AS read_id, argMax(rows, sweep.begun_at) AS rows,
  argMax(our_user, sweep.begun_at) AS our_user
FROM
(
  SELECT
    b.object AS object, b.read_id AS read_id, b.read_at AS begun_at,
    b.outcome_before AS outcome_before, e.observed_end AS observed_end, e.rows AS rows, b.our_user AS our_user,
    e.request_after AS request_after,
    (SELECT any(reached_by_partition) FROM consumed WHERE name = 'outcome') AS outcome_reached,
    (SELECT any(reached_by_partition) FROM consumed WHERE name = 'request') AS request_reached,
    (SELECT any(reached_by_partition) FROM consumed WHERE name = 'observed') AS observed_reached
  FROM
  (
    SELECT object, read_id, max(observed_read.read_at) AS read_at,
      argMax(observed_read.outcome_before, observed_read.read_at) AS outcome_before,
      argMax(observed_read.our_user, observed_read.read_at) AS our_user
    FROM observed_read WHERE kind = 'sweep_begin' GROUP BY object, read_id
  ) AS b
  INNER JOIN
  (
    SELECT object, read_id, max(observed_read.read_at) AS read_at,
      argMax(observed_read.observed_end, observed_read.read_at) AS observed_end,
      argMax(observed_read.request_after, observed_read.read_at) AS request_after,
      argMax(observed_read.rows, observed_read.read_at) AS rows
    FROM observed_read WHERE kind = 'sweep_end' GROUP BY object, read_id
  ) AS e ON e.object = b.object AND e.read_id = b.read_id
  WHERE e.read_at >= b.read_at
) AS sweep
WHERE arrayAll((seen, wanted) -> seen >= wanted,
    arrayResize(observed_reached, length(observed_end)), observed_end)
  AND arrayAll((seen, wanted) -> seen >= wanted,
    arrayResize(outcome_reached, length(sweep.outcome_before)), sweep.outcome_before)
  AND arrayAll((seen, wanted) -> seen >= wanted,
    arrayResize(request_reached, length(request_after)), request_after)
GROUP BY object
