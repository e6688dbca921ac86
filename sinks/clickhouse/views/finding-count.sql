/* How many records of each entity show which reality, and where they have ended. */
SELECT kind, entity, ended, count() AS records
FROM finding
GROUP BY kind, entity, ended
ORDER BY kind, entity, records DESC
