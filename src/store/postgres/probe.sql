-- Is this the primary, and of which timeline? A name of a WAL file begins with it. A standby has no such name to give.
SELECT
    pg_is_in_recovery(),
    CASE WHEN pg_is_in_recovery() THEN '' ELSE pg_walfile_name(pg_current_wal_lsn()) END
