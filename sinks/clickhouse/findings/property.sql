/* Custom properties of jobs that are not what their definition says. */
SELECT DISTINCT 'property_odd' AS kind, 'job' AS entity, p.source_id AS source_id
FROM
(
  SELECT source_id, arrayJoin(properties::Array(Tuple(String, String))) AS property FROM source_living
  WHERE entity = 'job' AND notEmpty(properties)
) AS p
INNER JOIN
(
  SELECT facts['key'] AS key, any(facts['type']) AS type,
    any(JSONExtract(facts['options'], 'Array(String)')) AS options
  FROM source_living WHERE entity = 'custom_property_def' AND facts['entity'] = 'job' GROUP BY key
) AS d ON d.key = p.property.1
WHERE multiIf(
  d.type = 'integer', NOT match(p.property.2, '^-?[0-9]+$'),
  d.type = 'number', NOT match(p.property.2, '^-?[0-9]+([.][0-9]+)?$'),
  d.type = 'boolean', NOT startsWith(p.property.2, 'boolean:'),
  d.type = 'picklist', NOT has(d.options, p.property.2),
  d.type = 'multi_picklist', NOT startsWith(p.property.2, '[') OR NOT hasAll(d.options, JSONExtract(p.property.2, 'Array(String)')),
  false)
