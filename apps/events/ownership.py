"""Whether the role of this connection could take the guards off: then they guard nothing.

A production has two roles (`manage.py database_roles`). With one, whoever gets hold of the
application could rewrite the book of events; so the portal refuses to serve.
"""

from django.conf import settings
from django.core import checks
from django.db import connection

from apps.events.guards import all_guards

ONE_ROLE = "one database role"
_SUPERUSER = "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
# Being a member of the owner is as good as being it. A superuser is a member of every role.
_SCHEMA = (
    "SELECT 1 FROM pg_namespace WHERE nspname = current_schema()"
    " AND pg_has_role(current_user, nspowner, 'MEMBER')"
)
_TABLES = (
    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
    " LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent"
    " WHERE n.nspname = current_schema() AND COALESCE(p.relname, c.relname) = ANY(%s)"
    " AND (pg_has_role(current_user, c.relowner, 'MEMBER')"
    " OR has_table_privilege(current_user, c.oid, 'TRUNCATE'))"
    " ORDER BY c.relname"
)


def findings():
    """What the role of this connection may that an application must not, as Chinese sentences.

    Empty on SQLite, which has no roles. Raises the errors of the database.
    """
    if connection.vendor != "postgresql":
        return []
    found = []
    with connection.cursor() as cursor:
        cursor.execute(_SUPERUSER)
        if cursor.fetchone()[0]:
            found.append("应用登录数据库用的是超级用户。")
        cursor.execute(_SCHEMA)
        if cursor.fetchone():
            found.append("应用的数据库角色拥有表所在的模式。")
        cursor.execute(_TABLES, [[guard.table for guard in all_guards()]])
        tables = [name for (name,) in cursor.fetchall()]
        if tables:
            found.append(f"应用的数据库角色能去掉这些表的保护：{'、'.join(tables)}。")
    return found


def trouble():
    """Why a production does not serve, for /readyz; "" when it may. The embedded mode may."""
    return ONE_ROLE if not settings.EMBEDDED and findings() else ""


def check_roles(app_configs, databases=None, **kwargs):
    """For `check --deploy --database default`, run as the application."""
    if settings.EMBEDDED or not databases:
        return []
    hint = (
        "见 docs/deployment.md 第五节：迁移用所有者，应用用另一个角色（manage.py database_roles）。"
    )
    return [checks.Error(text, hint=hint, id="events.E001") for text in findings()]
