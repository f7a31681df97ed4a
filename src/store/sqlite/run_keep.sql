INSERT INTO runs (first, expires, subscribers, legs, per_block)
VALUES (?1, ?2, ?3, ?4, ?5)
