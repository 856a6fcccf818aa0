"""After a lock-out: the second factor of the account makes this browser a known one."""
