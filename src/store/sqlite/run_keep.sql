INSERT INTO runs (first, expires, subscribers, legs)
VALUES (?1, ?2, ?3, ?4)
