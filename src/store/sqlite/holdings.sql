-- How many of what a database holds beside its journal and what is folded; the record ?1 is nobody's.
SELECT
    (SELECT count(*) FROM subscribers WHERE subscriber <> ?1),
    (SELECT count(*) FROM intents),
    (SELECT count(*) FROM journeys)
