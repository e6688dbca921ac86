/*
 * The state of every record at its newest version, exactly one of:
 *   equal       what the destination holds is what it should
 *   in_flight   under way, or not yet proved (reason: ledger_behind, not_mapped, waiting, sent,
 *               not_read, recheck: a deviation that is asked for once more before it counts)
 *   parked      waits at the loader (reason)
 *   rejected    no destination row could be made of it (reason: code)
 *   refused     the destination would not have it (reason: its code)
 *   superseded  ended in favour of a newer version
 *   missing     a whole sweep begun after its last outcome has not seen it, nor did the question
 *   extra       there, but should not be (reason: unknown_key, deleted_at_source, duplicate)
 *   differs     a field is not what it should be: see field_difference
 */
SELECT
  object, key, entity, source_id, at_source,
  verdict.1 AS state, verdict.2 AS reason,
  multiIf(state = 'parked', parked_field, state = 'rejected', rejected_field, state = 'refused', outcome_field, NULL) AS field,
  multiIf(state = 'parked', parked_message, state = 'rejected', rejected_message, state = 'refused', outcome_message, NULL) AS detail,
  dateDiff('second', since, now64(3)) AS age_seconds,
  destination_id, outcome, ended_at, is_delete, waits_for_key,
  load_topic, load_partition, load_offset, read_topic, read_partition, read_offset, read_at, modified_by,
  living, is_gone, is_ended AND outcome IN ('created', 'updated', 'unchanged') AS is_loaded, created_stamps
FROM
(
  SELECT *,
    multiIf(
      is_rejected, ('rejected', toString(rejected_code)),
      NOT has_load AND NOT at_source AND NOT is_unmapped AND NOT is_behind,
        multiIf(NOT is_fit, ('in_flight', 'ledger_behind'), is_gone, ('in_flight', 'gone'),
          is_asked, ('extra', 'unknown_key'), ('in_flight', 'recheck')),
      is_unmapped, ('in_flight', 'not_mapped'),
      is_behind, ('in_flight', 'ledger_behind'),
      NOT is_ended AND is_parked, ('parked', toString(parked_reason)),
      NOT is_ended, ('in_flight', if(is_sent, 'sent', 'waiting')),
      outcome = 'refused', ('refused', ifNull(outcome_code, '')),
      outcome = 'superseded', ('superseded', ''),
      is_delete, multiIf(
        is_gone OR (has_read AND living = 0 AND is_fit), ('equal', ''),
        NOT has_read AND outcome = 'unchanged', ('equal', ''),
        living = 0 OR NOT is_fit, ('in_flight', 'not_read'),
        is_asked, ('extra', 'deleted_at_source'), ('in_flight', 'recheck')),
      is_gone, if(is_asked_in_vain, ('missing', ''), ('in_flight', 'recheck')),
      living = 0 OR NOT is_fit, ('in_flight', 'not_read'),
      living > 1, ('extra', 'duplicate'),
      is_same, ('equal', ''),
      is_asked, ('differs', ''), ('in_flight', 'recheck')
    ) AS verdict
  FROM judgement
)
WHERE NOT (verdict.2 = 'gone')
