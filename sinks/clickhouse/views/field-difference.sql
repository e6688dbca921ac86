/*
 * Every field that is not what it should be, with both values in the destination's canonical text.
 * Only confirmed differences (state differs). record_state is named once: planning it is dear.
 */
SELECT
  object, key, destination_id, field,
  multiIf(is_owner, wanted_owner, is_create_only, stamp, wanted) AS expected, got AS found, modified_by
FROM
(
  SELECT
    d.object AS object, d.key AS key, d.destination_id AS destination_id, d.modified_by AS modified_by,
    f.field AS field, f.owner AS is_owner, f.create_only AS is_create_only, f.clearable AS is_clearable,
    d.wanted_fields[f.field] AS wanted, d.got_fields[f.field] AS got, d.stamps[f.field] AS stamp,
    d.owner_ids[indexOf(d.owner_fields, f.field)] AS wanted_owner, has(d.cleared_fields, f.field) AS is_cleared
  FROM
  (
    SELECT
      s.object AS object, s.key AS key, any(s.entity) AS entity,
      any(s.destination_id) AS destination_id, any(s.modified_by) AS modified_by,
      any(s.created_stamps) AS stamps, any(s.owner_fields) AS owner_fields, any(s.owner_ids) AS owner_ids,
      any(s.cleared_fields) AS cleared_fields,
      anyIf(x.fields, s.side = 'expected') AS wanted_fields, anyIf(x.fields, s.side = 'found') AS got_fields
    FROM
    (
      SELECT topic, partition, offset, fields FROM load_record
      UNION ALL SELECT topic, partition, offset, fields FROM observed_row
    ) AS x
    INNER JOIN
    (
      SELECT object, key, entity, destination_id, modified_by, created_stamps,
        owner_fields, owner_ids, cleared_fields,
        at.1 AS topic, at.2 AS partition, at.3 AS offset, at.4 AS side
      FROM
      (
        SELECT object, key, entity, destination_id, modified_by, created_stamps,
        owner_fields, owner_ids, cleared_fields,
          arrayJoin([(load_topic, load_partition, load_offset, 'expected'),
            (read_topic, read_partition, read_offset, 'found')]) AS at
        FROM record_state
        WHERE state = 'differs'
      )
    ) AS s ON s.topic = x.topic AND s.partition = x.partition AND s.offset = x.offset
    GROUP BY object, key
  ) AS d
  INNER JOIN plan_field AS f ON f.object = d.object AND f.entity = d.entity
)
WHERE multiIf(
  is_create_only, stamp != '' AND ifNull(wanted, '') = stamp AND ifNull(got, '') != stamp,
  is_owner, wanted IS NOT NULL AND wanted_owner != ''
    AND substring(ifNull(got, ''), 1, 15) != substring(wanted_owner, 1, 15),
  wanted IS DISTINCT FROM got
    AND NOT (is_clearable AND got IS NULL AND is_cleared)
)
LIMIT 1 BY object, key, field
