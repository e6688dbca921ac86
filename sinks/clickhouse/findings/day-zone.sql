/* Whole days of another zone than the tenant works in. */
SELECT 'time_edge' AS kind, entity, source_id FROM source_living
WHERE entity = 'appointment' AND facts['day_zone'] != '' AND facts['day_zone'] !=
  (SELECT topK(1)(facts['zone'])[1] FROM source_living WHERE entity = 'appointment' AND facts['zone'] != '')
