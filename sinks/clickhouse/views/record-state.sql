/*
 * The state of every record at its newest version, judged anew before each answer. Of a record that is
 * several rows each row is a line, its key `<source key>/<n>`; a row nobody claims is `id:<its id>`.
 * Exactly one of:
 *   equal       what the destination holds is what it should (reason no_user: nobody to write to)
 *   in_flight   under way, or not yet proved (reason: ledger_behind, not_mapped, waiting, sent,
 *               not_read, recheck: a deviation that is asked for once more before it counts)
 *   parked      waits at the loader (reason)
 *   rejected    no destination row could be made of it (reason: code)
 *   refused     the destination would not have it (reason: its code)
 *   superseded  ended in favour of a newer version
 *   missing     a whole sweep begun after its last outcome has not seen it, nor did the question
 *   extra       there, but should not be (reason: unknown_key, unknown_row, surplus,
 *               deleted_at_source, duplicate)
 *   differs     a field is not what it should be: see field_difference
 */
SELECT *, dateDiff('second', since, now64(3)) AS age_seconds
FROM record_judged
