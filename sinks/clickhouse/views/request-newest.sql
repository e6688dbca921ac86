/* The newest version of every record that a request names: open while it has no outcome. */
SELECT object, key, version.1 AS run, version.2 AS source_offset, request_id
FROM
(
  SELECT
    object, key, max((request_key.run, request_key.source_offset)) AS version,
    argMax(request_id, (request_key.run, request_key.source_offset)) AS request_id
  FROM request_key
  GROUP BY object, key
)
