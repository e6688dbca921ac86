/*
 * What record_state shows, for one chunk of the records: planning this once per refresh and chunk
 * keeps the process small, and every view on top of it quick. {{facts}} is facts.sql.
 */
SELECT
  object, if(part = 0, record, concat(record, '/', toString(part))) AS key, record, part, entity, source_id, at_source,
  verdict.1 AS state, verdict.2 AS reason,
  multiIf(state = 'parked', parked_field, state = 'rejected', rejected_field, state = 'refused', outcome_field, NULL) AS field,
  multiIf(state = 'parked', parked_message, state = 'rejected', rejected_message, state = 'refused', outcome_message, NULL) AS detail,
  since,
  destination_id, outcome, ended_at, is_delete OR is_surplus AS is_delete, waits_for_key,
  load_topic, load_partition, load_offset, read_topic, read_partition, read_offset, read_at, modified_by,
  living, is_gone, is_ended AND reason != 'no_user' AND outcome IN ('created', 'updated', 'unchanged') AS is_loaded,
  if(state = 'differs', created_stamps, map()) AS created_stamps,
  if(state = 'differs', owner_fields, []) AS owner_fields, if(state = 'differs', owner_kinds, []) AS owner_kinds,
  if(state = 'differs', owner_ids, []) AS owner_ids, if(state = 'differs', cleared_fields, []) AS cleared_fields,
  if(state = 'differs', lookup_fields, []) AS lookup_fields, if(state = 'differs', lookup_keys, []) AS lookup_keys
FROM
(
  SELECT *,
    multiIf(
      is_rejected, ('rejected', toString(rejected_code)),
      NOT has_load AND NOT has_outcome AND NOT at_source AND NOT is_unmapped AND NOT is_behind,
        multiIf(living = 0, ('', 'gone'), NOT is_fit, ('in_flight', 'ledger_behind'), is_gone OR is_foreign, ('', 'gone'),
          is_unsettled, ('in_flight', 'ledger_behind'), is_asked, ('extra', if(startsWith(record, 'id:'), 'unknown_row', 'unknown_key')),
          ('in_flight', 'recheck')),
      is_unmapped, ('in_flight', 'not_mapped'),
      is_behind, ('in_flight', 'ledger_behind'),
      NOT is_ended AND is_parked, ('parked', toString(parked_reason)),
      NOT is_ended, ('in_flight', if(is_sent, 'sent', 'waiting')),
      outcome = 'refused', ('refused', ifNull(outcome_code, '')),
      outcome = 'superseded', ('superseded', ''),
      is_surplus, multiIf(
        is_gone OR living = 0, ('', 'gone'),
        NOT is_fit, ('in_flight', 'not_read'),
        is_asked, ('extra', 'surplus'), ('in_flight', 'recheck')),
      is_delete, multiIf(
        is_gone OR (has_read AND living = 0 AND is_fit), ('equal', ''),
        NOT has_read AND outcome = 'unchanged', ('equal', ''),
        living = 0 OR NOT is_fit, ('in_flight', 'not_read'),
        is_asked, ('extra', 'deleted_at_source'), ('in_flight', 'recheck')),
      outcome = 'unchanged' AND outcome_reason = 'no_user', ('equal', 'no_user'),
      is_gone, if(is_asked_in_vain, ('missing', ''), ('in_flight', 'recheck')),
      living = 0 OR NOT is_fit, ('in_flight', 'not_read'),
      living > 1, ('extra', 'duplicate'),
      is_same, ('equal', ''),
      is_asked, ('differs', ''), ('in_flight', 'recheck')
    ) AS verdict
  FROM (
{{facts}}
  )
)
WHERE NOT (verdict.2 = 'gone')
