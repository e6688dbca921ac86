/* Keys that were asked for by name and not found: the newest such answer. */
SELECT object, key, max(observed_row.read_at) AS asked_at,
  argMax(observed_row.outcome_before, observed_row.read_at) AS outcome_before
FROM observed_row
WHERE kind = 'absent'
GROUP BY object, key
