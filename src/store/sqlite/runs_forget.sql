DELETE FROM runs WHERE first <= ?1
