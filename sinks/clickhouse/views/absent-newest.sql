/* Keys that were asked for by name and not found: the newest such answer. */
SELECT object, key, max(observed_read.read_at) AS asked_at,
  argMax(observed_read.outcome_before, observed_read.read_at) AS outcome_before
FROM observed_read
WHERE kind = 'absent'
GROUP BY object, key
