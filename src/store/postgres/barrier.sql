-- Writes next to nothing. What was committed before it is replicated when this is.
SELECT pg_logical_emit_message(true, 'gramsetu', '')::text
