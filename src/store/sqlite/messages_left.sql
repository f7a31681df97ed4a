-- At start nobody is at any of them: whatever was claimed or being sent was interrupted.
UPDATE messages SET until = ?1 WHERE due IS NOT NULL AND until > ?1
