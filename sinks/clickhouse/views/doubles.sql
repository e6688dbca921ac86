/* Versions that ended more than once: empty, or exactly-once is broken. */
SELECT object, key, run, source_topic, source_partition, source_offset, count() AS outcomes,
  groupArray(outcome) AS ended_as
FROM (SELECT * FROM outcome FINAL)
GROUP BY object, key, run, source_topic, source_partition, source_offset
HAVING count() != 1
