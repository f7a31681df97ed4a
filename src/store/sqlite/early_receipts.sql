SELECT foreign_id, status, reason, at
FROM early_receipts
WHERE foreign_id IN (SELECT unhex(value) FROM json_each(?1))
