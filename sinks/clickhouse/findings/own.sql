/* What is odd about records by themselves. */
SELECT arrayJoin(kinds) AS kind, entity, source_id FROM source_living
WHERE notEmpty(kinds) AND NOT mapContains(facts, 'inactive')
