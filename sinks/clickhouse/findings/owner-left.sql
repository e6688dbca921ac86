/* Jobs and customers of a person who is not there any more. */
SELECT 'owner_left' AS kind, entity, source_id FROM source_living
WHERE entity IN ('job', 'customer') AND facts['owner'] != '' AND facts['owner'] NOT IN
  (SELECT source_id FROM source_living WHERE entity = 'user' AND NOT mapContains(facts, 'inactive'))
