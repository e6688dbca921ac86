/* What each stage still has to do: records and the age of the oldest. */
SELECT
  multiIf(reason = 'not_mapped', 'transform', reason IN ('waiting', 'sent'), 'load', reason = 'ledger_behind', 'ledger', 'read_back') AS stage,
  count() AS records, max(age_seconds) AS oldest_seconds
FROM record_state
WHERE state = 'in_flight'
GROUP BY stage
