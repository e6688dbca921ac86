/*
 * A point that many sites share is where a geocoder puts what it does not find; one on the other side
 * of both the equator and Greenwich than most has its coordinates swapped. A job has its own position
 * or its site's.
 */
WITH
  site AS
  (
    SELECT source_id, facts['point'] AS point, toFloat64OrZero(splitByChar(',', point)[1]) AS y,
      toFloat64OrZero(splitByChar(',', point)[2]) AS x, kinds
    FROM source_living WHERE entity = 'service_location' AND mapContains(facts, 'point')
  ),
  shared AS
  (
    SELECT point FROM site WHERE y != 0 OR x != 0
    GROUP BY point HAVING count() >= greatest(3, (SELECT count() FROM site) / 50)
  ),
  most AS (SELECT avg(sign(y)) AS north, avg(sign(x)) AS east FROM site),
  placed AS
  (
    SELECT entity, source_id, facts['location'] AS location,
      multiIf(
        has(kinds, 'position_wrong'), 'position_wrong', has(kinds, 'position_default'), 'position_default',
        NOT mapContains(facts, 'point'), '',
        facts['point'] IN (SELECT point FROM shared), 'position_default',
        toFloat64OrZero(splitByChar(',', facts['point'])[1]) * (SELECT north FROM most) < 0
          AND toFloat64OrZero(splitByChar(',', facts['point'])[2]) * (SELECT east FROM most) < 0, 'position_wrong',
        '') AS own
    FROM source_living WHERE entity IN ('service_location', 'job') AND NOT mapContains(facts, 'inactive')
  )
SELECT if(p.own != '', p.own, s.own) AS kind, p.entity AS entity, p.source_id AS source_id
FROM placed AS p
LEFT JOIN (SELECT source_id, own FROM placed WHERE entity = 'service_location' AND own != '') AS s ON s.source_id = p.location
WHERE kind != ''
