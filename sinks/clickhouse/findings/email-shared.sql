/* One e-mail address of several technicians, or of several contacts. */
WITH address AS
(
  SELECT DISTINCT entity, source_id, arrayJoin(splitByChar('\n', facts['emails'])) AS email
  FROM source_living
  WHERE entity IN ('technician', 'contact') AND facts['emails'] != '' AND NOT mapContains(facts, 'inactive')
)
SELECT DISTINCT 'email_shared' AS kind, entity, source_id FROM address
WHERE (entity, email) IN (SELECT entity, email FROM address GROUP BY entity, email HAVING count() > 1)
