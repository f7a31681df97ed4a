SELECT foreign_id, status, reason, at
FROM early_receipts
WHERE foreign_id = ANY($1::bytea[])
