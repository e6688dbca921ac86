/* From the source commit of a version to its outcome, per object, in seconds. */
SELECT object, count() AS outcomes,
  quantilesExact(0.5, 0.95, 0.99)(dateDiff('millisecond', committed_at, ended_at)) AS q,
  q[1] / 1000 AS p50_seconds, q[2] / 1000 AS p95_seconds, q[3] / 1000 AS p99_seconds
FROM (SELECT * FROM outcome FINAL)
WHERE outcome IN ('created', 'updated', 'deleted')
GROUP BY object
