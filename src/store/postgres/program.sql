SELECT files
FROM programs
WHERE version = $1
