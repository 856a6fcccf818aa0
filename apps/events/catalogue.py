"""What PostgreSQL says about a table: its columns, indexes, keys and rights."""


def columns_of(cursor, table, without=""):
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attname <> %s",
        [table, without],
    )
    return cursor.fetchone()[0]


def indexes_of(cursor, table):
    """(name, definition) of each index of `table` but its key."""
    cursor.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = %s::regclass AND NOT i.indisprimary ORDER BY 1",
        [table],
    )
    return cursor.fetchall()


def foreign_keys_of(cursor, table, side):
    """((table, name), definition) of the keys from `table` (conrelid) or to it (confrelid)."""
    cursor.execute(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "  # noqa: S608
        f"FROM pg_constraint WHERE contype = 'f' AND {side} = %s::regclass ORDER BY 1",
        [table],
    )
    return [((owner, name), definition) for owner, name, definition in cursor.fetchall()]


def rights_on(cursor, table):
    """(role, right) that others than the owner have on `table`."""
    cursor.execute(
        "SELECT DISTINCT quote_ident(r.rolname), a.privilege_type FROM pg_class c "
        "CROSS JOIN LATERAL (SELECT * FROM aclexplode(c.relacl) UNION SELECT x.* FROM pg_attribute "
        "t CROSS JOIN LATERAL aclexplode(t.attacl) x WHERE t.attrelid = c.oid) a "
        "JOIN pg_roles r ON r.oid = a.grantee "
        "WHERE c.oid = %s::regclass AND a.grantee <> c.relowner",
        [table],
    )
    return cursor.fetchall()
