-- For connections on which citizens wait. Statements are planned once: making a plan costs more than carrying it out, and by
-- keys there is but one good one. A plan that was made while the tables were empty must be that one, too. Nothing but time rests
-- on it, so that a pooler may forget it or show it to others.
SELECT set_config('plan_cache_mode', 'force_generic_plan', false), set_config('enable_seqscan', 'off', false)
