/* How far every topic has been read, as an array by partition. */
SELECT
  topic,
  splitByChar('.', topic)[-1] AS name,
  arrayMap(place -> place.2, arraySort(groupArray((partition, reached)))) AS reached_by_partition
FROM (SELECT topic, partition, max(offset) AS reached FROM position GROUP BY topic, partition)
GROUP BY topic
