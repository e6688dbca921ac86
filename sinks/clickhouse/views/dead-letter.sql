/* Open letters: rejected or refused, and no newer version mapped and loaded since. */
SELECT object, record AS key, entity, source_id, if(state = 'refused', 'SINK_RECORD_REFUSED', reason) AS code,
  if(state = 'refused', reason, '') AS destination_code, field, detail AS message, age_seconds
FROM record_state
WHERE state IN ('rejected', 'refused') AND part <= 1
