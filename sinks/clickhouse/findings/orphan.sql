/* Notes of a job that is not there; one that was rejected when it was read is there, at the source. */
SELECT 'orphan' AS kind, entity, source_id FROM source_living
WHERE entity = 'note' AND facts['job'] != ''
  AND facts['job'] NOT IN (SELECT source_id FROM source_living WHERE entity = 'job')
  AND facts['job'] NOT IN (SELECT source_id FROM rejected WHERE entity = 'job' AND stage = 'poll')
