/*
 * Every (object, key) anything is known of, with the facts its state follows from. A read is fit to
 * judge a key when it was judged and its first vector lies behind the key's last write. `gone`: a
 * whole sweep that began after the last write has not seen the row (a later read may have seen it
 * deleted); `asked in vain`: the key, asked for by name after that, was not found either. `asked`:
 * the key, asked for by name, showed what its newest read shows.
 */
SELECT
  k.object AS object, k.key AS key,
  multiIf(l.known, l.entity, s.known, s.entity, j.entity) AS entity,
  multiIf(l.known, l.source_id, s.known, s.source_id, j.source_id) AS source_id,
  s.known AND NOT s.deleted AS at_source,
  l.known AS has_load,
  o.known AS has_outcome,
  j.known AND (NOT l.known OR if(j.source_offset < 0, j.at > l.committed_at, j.source_offset > l.source_offset))
    AND (NOT s.known OR if(j.source_offset < 0, j.at > s.committed_at, j.source_offset >= s.place)) AS is_rejected,
  s.known AND (NOT l.known OR s.place > l.source_offset) AS is_unmapped,
  l.known AND o.known AND o.run = l.run AND o.source_offset = l.source_offset AS is_ended,
  (o.known AND (NOT l.known OR (o.run, o.source_offset) > (l.run, l.source_offset)))
    OR (q.known AND (NOT l.known OR (q.run, q.source_offset) > (l.run, l.source_offset))) AS is_behind,
  q.known AND l.known AND q.run = l.run AND q.source_offset = l.source_offset AS is_sent,
  p.known AND l.known AND p.run = l.run AND p.source_offset = l.source_offset AS is_parked,
  l.operation = 'delete' AS is_delete,
  r.known AS has_read,
  r.living AS living,
  r.known AND r.judged AND (o.write_end < 0 OR NOT o.known
    OR r.outcome_before[o.partition + 1] > o.write_end) AS is_fit,
  e.known AND (o.write_end < 0 OR NOT o.known OR e.outcome_before[o.partition + 1] > o.write_end)
    AND has(e.shown, (r.destination_id, r.digest, r.owners, r.clearable, r.stamps)) AS is_asked,
  r.digest = l.digest
    AND NOT arrayExists(
      (f, user_id) -> mapContains(r.owners, f) AND user_id != '' AND substring(r.owners[f], 1, 15) != substring(user_id, 1, 15),
      w.fields, w.user_ids)
    AND NOT arrayExists(
      (f, target) -> mapContains(r.clearable, f) AND r.clearable[f] != target
        AND NOT (r.clearable[f] = '' AND has(g.fields, f)),
      mapKeys(l.clearable), mapValues(l.clearable))
    AND NOT arrayExists(
      (f, stamp) -> mapContains(r.stamps, f) AND l.stamps[f] = stamp AND r.stamps[f] != stamp,
      mapKeys(c.stamps), mapValues(c.stamps)) AS is_same,
  v.known AND (v.begun_at > r.read_at OR living = 0) AND (o.write_end < 0 OR NOT o.known
    OR v.outcome_before[o.partition + 1] > o.write_end) AS is_gone,
  a.known AND a.asked_at > v.begun_at AND (a.asked_at > r.read_at OR living = 0) AND (o.write_end < 0 OR NOT o.known
    OR a.outcome_before[o.partition + 1] > o.write_end) AS is_asked_in_vain,
  o.outcome AS outcome, o.reason AS outcome_reason, o.code AS outcome_code, o.field AS outcome_field,
  o.message AS outcome_message, o.ended_at AS ended_at,
  p.reason AS parked_reason, p.field AS parked_field, p.message AS parked_message,
  p.waits_for_key AS waits_for_key, p.since AS parked_since,
  j.code AS rejected_code, j.field AS rejected_field, j.message AS rejected_message, j.at AS rejected_at,
  multiIf(l.known, l.committed_at, s.known, s.committed_at, r.read_at) AS since,
  if(r.known, r.destination_id, ifNull(o.destination_id, '')) AS destination_id,
  l.topic AS load_topic, l.partition AS load_partition, l.offset AS load_offset,
  r.topic AS read_topic, r.partition AS read_partition, r.offset AS read_offset,
  r.read_at AS read_at, r.modified_by AS modified_by, c.stamps AS created_stamps,
  w.fields AS owner_fields, w.user_ids AS owner_ids, g.fields AS cleared_fields
FROM
(
  SELECT DISTINCT object, key FROM
  (
    SELECT object, key FROM load_record WHERE run = (SELECT run FROM current_run) AND {{chunk}}
    UNION ALL SELECT o.object AS object, s.key AS key FROM source_record AS s INNER JOIN plan_object AS o ON o.entity = s.entity WHERE {{chunk}}
    UNION ALL SELECT object, key FROM outcome WHERE {{chunk}}
    UNION ALL SELECT object, key FROM request_key WHERE {{chunk}}
    UNION ALL SELECT o.object AS object, j.key AS key FROM rejected AS j INNER JOIN plan_object AS o ON o.entity = j.entity
      WHERE (j.object = '' OR j.object = o.object) AND {{chunk}}
    UNION ALL SELECT object, key FROM observed_row WHERE key != '' AND {{chunk}}
  )
) AS k
LEFT JOIN (SELECT *, true AS known FROM load_newest WHERE {{chunk}}) AS l ON l.object = k.object AND l.key = k.key
LEFT JOIN
(
  SELECT o.object AS object, s.*, true AS known
  FROM (SELECT * FROM source_newest WHERE {{chunk}}) AS s INNER JOIN plan_object AS o ON o.entity = s.entity
) AS s ON s.object = k.object AND s.key = k.key
LEFT JOIN (SELECT *, true AS known FROM outcome_newest WHERE {{chunk}}) AS o ON o.object = k.object AND o.key = k.key
LEFT JOIN (SELECT *, true AS known FROM request_newest WHERE {{chunk}}) AS q ON q.object = k.object AND q.key = k.key
LEFT JOIN (SELECT *, true AS known FROM parked_newest WHERE {{chunk}}) AS p ON p.object = k.object AND p.key = k.key
LEFT JOIN (SELECT *, true AS known FROM rejected_newest WHERE {{chunk}}) AS j ON j.object = k.object AND j.key = k.key
LEFT JOIN
(
  SELECT
    object, key, true AS known, living, n.1 AS destination_id, n.2 AS deleted, n.3 AS digest, n.4 AS owners,
    n.5 AS stamps, n.6 AS lane, n.7 AS read_at, n.8 AS judged, n.9 AS outcome_before,
    n.10 AS topic, n.11 AS partition, n.12 AS offset, n.13 AS modified_by, n.14 AS modified_at, n.15 AS clearable
  FROM
  (
    SELECT
      object, key, countIf(NOT deleted) AS living,
      argMax((destination_id, deleted, digest, owners, stamps, lane, read_at, judged,
        outcome_before, topic, partition, offset, modified_by, modified_at, clearable),
        (NOT deleted, observed_newest.read_at)) AS n
    FROM
    (
      SELECT * FROM observed_newest
      WHERE destination_id IN (SELECT destination_id FROM observed_row WHERE {{chunk}})
    ) AS observed_newest
    WHERE key != '' AND {{chunk}}
    GROUP BY object, key
  )
) AS r ON r.object = k.object AND r.key = k.key
LEFT JOIN
(
  SELECT object, key, true AS known, argMax(outcome_before, asked.read_at) AS outcome_before,
    argMax(shown, asked.read_at) AS shown
  FROM
  (
    SELECT w.object AS object, w.key AS key, w.read_at AS read_at, any(x.outcome_before) AS outcome_before,
      groupUniqArray((destination_id, digest, owners, clearable, stamps)) AS shown
    FROM observed_row AS w
    INNER JOIN read_vector AS x ON x.object = w.object AND x.read_at = w.read_at AND x.read_id = w.read_id
    WHERE w.lane = 'ask' AND w.key != '' AND x.judged AND {{chunk}}
    GROUP BY object, key, read_at
  ) AS asked
  GROUP BY object, key
) AS e ON e.object = k.object AND e.key = k.key
LEFT JOIN (SELECT *, true AS known FROM absent_newest WHERE {{chunk}}) AS a ON a.object = k.object AND a.key = k.key
LEFT JOIN (SELECT * FROM stamp_newest WHERE {{chunk}}) AS c ON c.object = k.object AND c.key = k.key
LEFT JOIN (SELECT *, true AS known FROM sweep_newest) AS v ON v.object = k.object
LEFT JOIN owner_expected AS w ON w.asked = toString(l.owners)
LEFT JOIN
(
  SELECT e.object AS object, e.key AS key, groupArray(e.lookup.1) AS fields
  FROM
  (
    SELECT object, key, arrayJoin(clearable::Array(Tuple(String, String))) AS lookup
    FROM load_newest WHERE notEmpty(clearable) AND {{chunk}}
  ) AS e
  INNER JOIN
  (
    SELECT DISTINCT key FROM load_newest
    WHERE key IN (SELECT key FROM load_record WHERE operation = 'delete') AND operation = 'delete'
  ) AS d ON d.key = e.lookup.2
  GROUP BY object, key
) AS g ON g.object = k.object AND g.key = k.key
