/* The confirmed owners: destination user by source key, and the fallback. */
SELECT
  JSONExtract(newest, 'owners', 'Map(String, String)') AS owners,
  JSONExtract(newest, 'fallback', 'Nullable(String)') AS fallback
FROM (SELECT argMax(value, offset) AS newest FROM control_event WHERE kind = 'owners')
