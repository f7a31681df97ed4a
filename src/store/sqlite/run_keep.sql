INSERT INTO runs (first, expires, subscribers, legs, block)
VALUES (?1, ?2, ?3, ?4, ?5)
