/* The newest run: load records of older ones no longer count. */
SELECT if(count() = 0, (SELECT max(run) FROM load_record), max(JSONExtractInt(value, 'run'))) AS run
FROM control_event
WHERE kind = 'run'
