"""Archives of pictures that HR brings: looked at by a worker, confirmed, and stored one by one."""
