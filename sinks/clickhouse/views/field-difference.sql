/*
 * Every field that is not what it should be, with both values in the destination's canonical text.
 * Only confirmed differences (state differs). record_state is named once: planning it is dear.
 */
SELECT
  object, key, destination_id, field,
  multiIf(is_owner, wanted_owner, is_create_only, stamp, wanted) AS expected, if(is_lookup AND linked != '', linked, got) AS found,
  modified_by
FROM
(
  SELECT
    d.object AS object, d.key AS key, d.destination_id AS destination_id, d.modified_by AS modified_by,
    f.field AS field, f.owner AS is_owner, f.create_only AS is_create_only, f.lookup AS is_lookup,
    JSONExtract(d.wanted_fields, if(f.per_row, concat(f.field, '/', toString(d.part)), f.field), 'Nullable(String)') AS wanted,
    JSONExtract(d.got_fields, f.field, 'Nullable(String)') AS got, d.stamps[f.field] AS stamp,
    d.owner_ids[indexOf(d.owner_fields, f.field)] AS wanted_owner,
    d.owner_kinds[indexOf(d.owner_fields, f.field)] AS owner_kind, has(d.owner_fields, f.field) AS is_asked,
    d.lookup_keys[indexOf(d.lookup_fields, f.field)] AS linked, has(d.cleared_fields, f.field) AS is_cleared
  FROM
  (
    SELECT
      s.object AS object, s.key AS key, any(s.part) AS part, any(s.entity) AS entity,
      any(s.destination_id) AS destination_id, any(s.modified_by) AS modified_by,
      any(s.created_stamps) AS stamps, any(s.owner_fields) AS owner_fields, any(s.owner_ids) AS owner_ids,
      any(s.owner_kinds) AS owner_kinds, any(s.lookup_fields) AS lookup_fields, any(s.lookup_keys) AS lookup_keys,
      any(s.cleared_fields) AS cleared_fields,
      anyIf(x.fields, s.side = 'expected') AS wanted_fields, anyIf(x.fields, s.side = 'found') AS got_fields
    FROM
    (
      SELECT topic, partition, offset, fields FROM load_record
      UNION ALL SELECT topic, partition, offset, fields FROM observed_row
    ) AS x
    INNER JOIN
    (
      SELECT * EXCEPT (at), at.1 AS topic, at.2 AS partition, at.3 AS offset, at.4 AS side
      FROM
      (
        SELECT object, key, part, entity, destination_id, modified_by, created_stamps,
          owner_fields, owner_kinds, owner_ids, lookup_fields, lookup_keys, cleared_fields,
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
  is_owner, is_asked
    AND (left(ifNull(got, ''), length(wanted_owner)), ifNull(got, '') = '') != (left(wanted_owner, length(ifNull(got, ''))), wanted_owner = '')
    AND multiIf(owner_kind = '?', true, owner_kind = '!', wanted_owner != '' AND stamp = concat('!', ifNull(wanted, '')), wanted_owner != ''),
  is_create_only, stamp != '' AND ifNull(wanted, '') = stamp AND ifNull(got, '') != stamp,
  is_lookup, linked != ifNull(wanted, '') AND NOT (linked = '' AND is_cleared),
  wanted IS DISTINCT FROM got
)
LIMIT 1 BY object, key, field
