-- Keeps a program (version $1, at $2, files $3) and puts it behind entry $4; no row where that is not the last.
WITH kept AS (
    INSERT INTO programs (version, at, files)
    SELECT $1, $2, $3
    WHERE (SELECT coalesce(max(number), 0) FROM published) = $4
    ON CONFLICT (version) DO NOTHING
),

put AS (
    INSERT INTO published (number, version, at)
    SELECT $4 + 1, $1, $2
    WHERE (SELECT coalesce(max(number), 0) FROM published) = $4
    ON CONFLICT (number) DO NOTHING
    RETURNING number
)

-- Wakes the nodes once this is committed.
SELECT number, pg_notify('gramsetu_published', '')::text
FROM put
