-- Takes or keeps the work of upkeep for $1, at $2, until $3; no row where another node has it.
INSERT INTO leases AS held (name, holder, fence, until)
VALUES ('upkeep', $1, 1, $3)
ON CONFLICT (name) DO UPDATE
SET
    holder = excluded.holder, until = excluded.until,
    fence = CASE WHEN held.holder = excluded.holder THEN held.fence ELSE held.fence + 1 END
WHERE held.holder = excluded.holder OR held.until < $2
RETURNING fence
