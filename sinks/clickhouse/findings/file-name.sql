/* Several files of one name on one job. */
SELECT 'file_problem' AS kind, entity, source_id FROM source_living
WHERE entity = 'attachment' AND facts['file'] IN
(
  SELECT facts['file'] FROM source_living WHERE entity = 'attachment' AND facts['file'] != ''
  GROUP BY facts['file'] HAVING count() > 1
)
