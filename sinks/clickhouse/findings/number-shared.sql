/* One job number on several jobs. */
SELECT 'number_shared' AS kind, entity, source_id FROM source_living
WHERE entity = 'job' AND facts['number'] IN
(
  SELECT facts['number'] FROM source_living WHERE entity = 'job' AND facts['number'] != ''
  GROUP BY facts['number'] HAVING count() > 1
)
