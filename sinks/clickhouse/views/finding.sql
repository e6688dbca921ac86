/*
 * The realities a source's data has, record by record and kind by kind, with where each record has
 * ended: object and state (and reason), one for every object it feeds.
 */
SELECT f.kind AS kind, f.entity AS entity, f.source_id AS source_id, any(r.record) AS key,
  arraySort(groupUniqArrayIf(concat(r.object, ' ', r.state, if(r.reason = '', '', concat(' ', r.reason))),
    r.object != '' AND NOT (r.is_delete AND r.state = 'equal'))) AS ended
FROM (SELECT DISTINCT kind, entity, source_id FROM finding_found) AS f
LEFT JOIN
(
  SELECT entity, source_id, record, object, state, reason, is_delete FROM record_judged
  WHERE (entity, source_id) IN (SELECT entity, source_id FROM finding_found)
) AS r ON r.entity = f.entity AND r.source_id = f.source_id
GROUP BY kind, entity, source_id
