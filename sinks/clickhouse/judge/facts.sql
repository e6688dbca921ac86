/*
 * Every row anything is known of, with the facts its state follows from: `record` is the source key,
 * `part` counts from 1 where a record is several rows. A read is fit to judge a record when it was
 * judged and its first vector lies behind the record's last write. `gone`: a whole sweep that began
 * after the last write has not seen the row (a later read may have seen it deleted); `asked in vain`:
 * the row, asked for by name after that, was not found either. `asked`: the row, asked for by name,
 * showed what its newest read shows. `surplus`: the record has had more rows than it has now. User ids are
 * the same where the one is the other's beginning: some destinations have a short and a long form.
 */
SELECT
  k.object AS object, k.record AS record, k.part AS part,
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
  l.known AND NOT is_delete AND k.part > l.parts AS is_surplus,
  k.object IN (SELECT object FROM judge_unsettled) AS is_unsettled,
  v.our_user != '' AND ifNull(r.modified_by, '') NOT IN ('', v.our_user) AS is_foreign,
  r.known AS has_read,
  r.living AS living,
  r.known AND r.judged AND (o.write_end < 0 OR NOT o.known
    OR r.outcome_before[o.partition + 1] > o.write_end) AS is_fit,
  r.known AND r.is_asked
    AND (o.write_end < 0 OR NOT o.known OR r.asked_before[o.partition + 1] > o.write_end) AS is_asked,
  r.digest = l.digest AND r.row = x.row
    AND NOT arrayExists(
      (f, kind, user_id) -> mapContains(r.owners, f)
        AND (left(r.owners[f], length(user_id)), empty(r.owners[f])) != (left(user_id, length(r.owners[f])), empty(user_id))
        AND multiIf(kind = '?', true, kind = '!', user_id != '' AND c.stamps[f] = l.stamps[f] AND l.stamps[f] != '', user_id != ''),
      w.fields, w.kinds, w.user_ids)
    AND NOT arrayExists(
      (f, target) -> has(t.fields, f) AND t.keys[indexOf(t.fields, f)] != target
        AND NOT (t.keys[indexOf(t.fields, f)] = '' AND has(g.fields, f)),
      mapKeys(l.lookups), mapValues(l.lookups))
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
  multiIf(r.known, r.destination_id, i.destination_id != '', i.destination_id, ifNull(o.destination_id, '')) AS destination_id,
  l.topic AS load_topic, l.partition AS load_partition, l.offset AS load_offset,
  r.topic AS read_topic, r.partition AS read_partition, r.offset AS read_offset,
  r.read_at AS read_at, r.modified_by AS modified_by, c.stamps AS created_stamps,
  w.fields AS owner_fields, w.kinds AS owner_kinds, w.user_ids AS owner_ids, g.fields AS cleared_fields,
  t.fields AS lookup_fields, t.keys AS lookup_keys
FROM
(
  WITH known AS
  (
    SELECT object, record, part FROM judge_expected WHERE operation != 'delete'
    UNION DISTINCT SELECT object, record, part FROM judge_found
  )
  SELECT object, record, part FROM known
  UNION ALL
  SELECT DISTINCT object, record, toInt32(0) AS part FROM
  (
    SELECT object, record FROM judge_expected
    UNION ALL SELECT o.object AS object, s.key AS record FROM source_record AS s INNER JOIN plan_object AS o ON o.entity = s.entity WHERE {{chunk}}
    UNION ALL SELECT object, key AS record FROM outcome WHERE {{chunk}}
    UNION ALL SELECT object, key AS record FROM request_key WHERE {{chunk}}
    UNION ALL SELECT o.object AS object, j.key AS record FROM rejected AS j INNER JOIN plan_object AS o ON o.entity = j.entity
      WHERE (j.object = '' OR j.object = o.object) AND {{chunk}}
  )
  WHERE (object, record) NOT IN (SELECT object, record FROM known)
) AS k
LEFT JOIN (SELECT *, true AS known FROM judge_expected WHERE part <= 1) AS l ON l.object = k.object AND l.record = k.record
LEFT JOIN (SELECT object, record, part, row FROM judge_expected WHERE part > 1 OR row != '') AS x
  ON x.object = k.object AND x.record = k.record AND x.part = k.part
LEFT JOIN
(
  SELECT o.object AS object, s.*, true AS known
  FROM (SELECT * FROM source_newest WHERE {{chunk}}) AS s INNER JOIN plan_object AS o ON o.entity = s.entity
) AS s ON s.object = k.object AND s.key = k.record
LEFT JOIN (SELECT *, true AS known FROM outcome_newest WHERE {{chunk}}) AS o ON o.object = k.object AND o.key = k.record
LEFT JOIN (SELECT *, true AS known FROM request_newest WHERE {{chunk}}) AS q ON q.object = k.object AND q.key = k.record
LEFT JOIN (SELECT *, true AS known FROM parked_newest WHERE {{chunk}}) AS p ON p.object = k.object AND p.key = k.record
LEFT JOIN (SELECT *, true AS known FROM rejected_newest WHERE {{chunk}}) AS j ON j.object = k.object AND j.key = k.record
LEFT JOIN (SELECT *, true AS known FROM judge_found) AS r ON r.object = k.object AND r.record = k.record AND r.part = k.part
LEFT JOIN
(
  SELECT object, splitByChar('/', key)[1] AS record, toInt32OrZero(splitByChar('/', key)[2]) AS part,
    asked_at, outcome_before, true AS known
  FROM absent_newest WHERE {{chunk}}
) AS a ON a.object = k.object AND a.record = k.record AND a.part = k.part
LEFT JOIN (SELECT * FROM stamp_newest WHERE {{chunk}}) AS c ON c.object = k.object AND c.key = k.record
LEFT JOIN (SELECT *, true AS known FROM sweep_newest) AS v ON v.object = k.object
LEFT JOIN
(
  SELECT object, record, groupArray(field) AS fields, groupArray(kind) AS kinds, groupArray(user_id) AS user_ids
  FROM
  (
    SELECT d.object AS object, d.record AS record, d.field AS field, d.kind AS kind,
      multiIf(d.kind = '!', if(n.is_first, n.user_id, ''), d.kind = '?' OR n.user_id != '', n.user_id, f.fallback) AS user_id
    FROM
    (
      SELECT object, record, owner.1 AS field,
        if(substring(owner.2, 1, 1) IN ('?', '!'), substring(owner.2, 1, 1), '') AS kind,
        if(kind = '', owner.2, substring(owner.2, 2)) AS source_key
      FROM
      (
        SELECT object, record, arrayJoin(owners::Array(Tuple(String, String))) AS owner
        FROM judge_expected WHERE part <= 1 AND notEmpty(owners)
      )
    ) AS d
    LEFT JOIN owner_confirmed AS n ON n.source_key = d.source_key
    CROSS JOIN (SELECT max(ifNull(owner_newest.fallback, '')) AS fallback FROM owner_newest) AS f
  )
  GROUP BY object, record
) AS w ON w.object = k.object AND w.record = k.record
LEFT JOIN
(
  SELECT object, record, part, groupArray(lookup.1) AS fields, groupArray(if(i.record != '', i.record, lookup.2)) AS keys
  FROM
  (
    SELECT object, record, part, arrayJoin(lookups::Array(Tuple(String, String))) AS lookup,
      if(startsWith(lookup.2, 'id:'), substring(lookup.2, 4), '') AS id
    FROM judge_found WHERE notEmpty(lookups)
  ) AS h
  LEFT JOIN
  (
    SELECT destination_id, record FROM row_key_next
    WHERE destination_id IN
    (
      SELECT substring(arrayJoin(mapValues(lookups)) AS value, 4) FROM judge_found
      WHERE notEmpty(lookups) AND startsWith(value, 'id:')
    )
  ) AS i ON i.destination_id = h.id
  GROUP BY object, record, part
) AS t ON t.object = k.object AND t.record = k.record AND t.part = k.part
LEFT JOIN
(
  SELECT e.object AS object, e.record AS record, groupArray(e.lookup.1) AS fields
  FROM
  (
    SELECT object, record, entity, arrayJoin(lookups::Array(Tuple(String, String))) AS lookup
    FROM judge_expected
    WHERE part <= 1 AND notEmpty(lookups) AND (object, entity, lookup.1) IN
      (SELECT object, entity, field FROM plan_field WHERE clearable)
  ) AS e
  INNER JOIN
  (
    SELECT DISTINCT key FROM source_newest
    WHERE key IN (SELECT key FROM source_record WHERE deleted) AND deleted
  ) AS d ON d.key = e.lookup.2
  GROUP BY object, record
) AS g ON g.object = k.object AND g.record = k.record
LEFT JOIN (SELECT object, record, part, destination_id FROM row_key_next WHERE keyless AND {{record_chunk}}) AS i
  ON i.object = k.object AND i.record = k.record AND i.part = k.part
