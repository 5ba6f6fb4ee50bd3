"""Trees become statements in the quantities of the claims."""
