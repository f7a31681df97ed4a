-- Which rows of the journal a restart needs: each subscriber's last. One row with a JSON array, since rows by the hundred
-- thousand take longer to hand over than to find.
SELECT json_group_array(last)
FROM (SELECT max(seq) AS last FROM turns GROUP BY subscriber ORDER BY last)
