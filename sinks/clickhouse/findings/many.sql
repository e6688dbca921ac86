/* Customers of 40 sites, contacts of six customers, jobs of 400 notes. */
SELECT 'large' AS kind, 'customer' AS entity, customer AS source_id FROM
(
  SELECT facts['customer'] AS customer FROM source_living
  WHERE entity = 'service_location' AND facts['customer'] != ''
)
GROUP BY customer HAVING count() >= 40
UNION ALL
SELECT 'large', 'contact', contact FROM
(
  SELECT source_id AS contact, facts['customer'] AS customer FROM source_living WHERE entity = 'contact'
  UNION ALL SELECT facts['contact'], facts['customer'] FROM source_living WHERE entity = 'contact_link'
)
GROUP BY contact HAVING uniqExact(customer) >= 6
UNION ALL
SELECT 'large', 'job', facts['job'] FROM source_living
WHERE entity = 'note' AND facts['job'] IN (SELECT source_id FROM source_living WHERE entity = 'job')
GROUP BY facts['job'] HAVING count() >= 400
