INSERT INTO published (number, version, at)
VALUES (?1, ?2, ?3)
