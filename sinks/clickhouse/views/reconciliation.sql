/*
 * One line per object. `source`: living source records that ask for a row here. Outcomes are versions
 * (a record may have many), states are records; a record that is several rows counts once in source,
 * parked, rejected and refused, and row by row in the rest. Where nothing is under way and records are
 * single rows: source = equal + no_user + differing + missing + parked + rejected + refused, but for
 * deletes that are parked and letters of records never read. `no_user`: nobody at the destination to
 * write to.
 */
SELECT
  p.object AS object,
  t.source AS source,
  o.created AS created, o.updated AS updated, o.unchanged AS unchanged, o.deleted AS deleted,
  o.superseded AS superseded, o.refused AS refused,
  t.rejected AS rejected, t.parked AS parked,
  t.destination AS destination,
  t.equal AS equal, t.no_user AS no_user, t.in_flight AS in_flight, t.refused_now AS refused_records,
  t.missing AS missing, t.extra AS extra, t.differing AS differing,
  t.unaccounted AS unaccounted
FROM (SELECT DISTINCT object FROM plan_object) AS p
LEFT JOIN
(
  SELECT object, countIf(outcome = 'created') AS created, countIf(outcome = 'updated') AS updated,
    countIf(outcome = 'unchanged') AS unchanged, countIf(outcome = 'deleted') AS deleted,
    countIf(outcome = 'superseded') AS superseded, countIf(outcome = 'refused') AS refused
  FROM (SELECT * FROM outcome FINAL WHERE run = (SELECT run FROM current_run)) GROUP BY object
) AS o ON o.object = p.object
LEFT JOIN
(
  SELECT object,
    countIf(at_source AND NOT is_delete AND part <= 1) AS source,
    sumIf(living, NOT is_gone) AS destination,
    sumMapIf(map(reason, toUInt64(1)), state = 'rejected' AND part <= 1) AS rejected,
    sumMapIf(map(reason, toUInt64(1)), state = 'parked' AND part <= 1) AS parked,
    countIf(state = 'equal' AND NOT is_delete AND reason = '') AS equal,
    countIf(state = 'equal' AND reason = 'no_user') AS no_user,
    countIf(state = 'in_flight') AS in_flight,
    countIf(state = 'refused' AND part <= 1) AS refused_now,
    countIf(state = 'missing') AS missing,
    countIf(state = 'extra') AS extra,
    countIf(state = 'differs') AS differing,
    countIf(state IN ('in_flight', 'missing', 'extra', 'differs')) AS unaccounted
  FROM record_state GROUP BY object
) AS t ON t.object = p.object
ORDER BY object
