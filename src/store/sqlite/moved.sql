UPDATE moved SET seq = ?1
