/* Notes of a job that is not there. */
SELECT 'orphan' AS kind, entity, source_id FROM source_living
WHERE entity = 'note' AND facts['job'] != '' AND facts['job'] NOT IN
  (SELECT source_id FROM source_living WHERE entity = 'job')
