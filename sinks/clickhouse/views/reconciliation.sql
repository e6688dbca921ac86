/*
 * One line per object. `source`: living source records. Outcomes are versions (a record may have
 * many), states are records. Where nothing is under way: source = equal + differing + missing +
 * parked + rejected + refused, but for deletes that are parked and letters of records never read.
 */
SELECT
  p.object AS object,
  t.source AS source,
  o.created AS created, o.updated AS updated, o.unchanged AS unchanged, o.deleted AS deleted,
  o.superseded AS superseded, o.refused AS refused,
  t.rejected AS rejected, t.parked AS parked,
  t.destination AS destination,
  t.equal AS equal, t.in_flight AS in_flight, t.refused_now AS refused_records,
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
    countIf(at_source) AS source,
    sumIf(living, NOT is_gone) AS destination,
    sumMapIf(map(reason, toUInt64(1)), state = 'rejected') AS rejected,
    sumMapIf(map(reason, toUInt64(1)), state = 'parked') AS parked,
    countIf(state = 'equal' AND NOT is_delete) AS equal,
    countIf(state = 'in_flight') AS in_flight,
    countIf(state = 'refused') AS refused_now,
    countIf(state = 'missing') AS missing,
    countIf(state = 'extra') AS extra,
    countIf(state = 'differs') AS differing,
    countIf(state IN ('in_flight', 'missing', 'extra', 'differs')) AS unaccounted
  FROM record_state GROUP BY object
) AS t ON t.object = p.object
ORDER BY object
