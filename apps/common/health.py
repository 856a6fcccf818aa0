"""Whether this process can serve: the database answers and has the tables that the code expects."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request):
    """200 when well, 503 with the reason otherwise; for supervisors and load balancers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _check_migrations()
    except DatabaseError:
        return JsonResponse({"status": "database unreachable"}, status=503)
    except _Behind:
        return JsonResponse({"status": "migrations missing"}, status=503)
    return JsonResponse({"status": "ok"})


class _Behind(Exception):
    """Migrations of this code are not applied yet."""


@cache
def _check_migrations():
    """Raise `_Behind` while migrations are missing. The answer "none is missing" is remembered."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Behind
