/* What only a letter tells of: a status without an entry in the value table, text no destination can hold. */
SELECT multiIf(code = 'TEXT_NOT_ENCODABLE', 'text_odd', 'status_unknown') AS kind, entity, any(source_id) AS source_id
FROM rejected_newest AS r
WHERE code = 'TEXT_NOT_ENCODABLE' OR (code = 'VALUE_NOT_IN_TABLE' AND positionCaseInsensitive(ifNull(field, ''), 'status') > 0)
GROUP BY kind, entity, key
HAVING (entity, key) IN (SELECT entity, record FROM record_judged WHERE state = 'rejected')
