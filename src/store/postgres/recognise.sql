-- How many tables and the like are there that are not ours to begin with, and whether this is our database.
SELECT
    (
        SELECT count(*)
        FROM pg_class
        INNER JOIN pg_namespace
            ON pg_class.relnamespace = pg_namespace.oid
        WHERE
            nspname = current_schema()
            AND relkind IN ('r', 'p', 'v', 'm', 'f')
            AND relname <> '_sqlx_migrations'
            -- An extension's.
            AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
    ),
    coalesce(obj_description(to_regclass('conversations'), 'pg_class') LIKE 'gramsetu:%', false),
    uuid_send(gen_random_uuid())
