INSERT INTO programs (version, at, files)
VALUES (?1, ?2, ?3)
ON CONFLICT (version) DO NOTHING
