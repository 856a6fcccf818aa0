"""The tables of an empty database in one step.

Django applies one migration after another, and builds the models anew between any two: a first
start spent a third of its time so. What they lead to is known before. The rows that migrations
write are written by the migrations themselves, in their order.
"""

from django.db.migrations import RunPython, SeparateDatabaseAndState
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations.special import RunSQL


def make_tables(connection):
    """Make all tables and note every migration as applied; False if nothing was done.

    Nothing is done where there are tables already, or where a migration says that the database is
    not what its models are. `migrate` has to follow: it sends the signals.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    operations = [(step, operation) for step, _ in plan for operation in step.operations]
    if connection.introspection.table_names() or any(
        isinstance(operation, SeparateDatabaseAndState) for _, operation in operations
    ):
        return False
    state = executor.loader.project_state()
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models():
            if model._meta.can_migrate(connection):
                editor.create_model(model)
        for step, operation in operations:
            if isinstance(operation, RunPython | RunSQL):
                operation.database_forwards(step.app_label, editor, state, state)
    executor.recorder.ensure_schema()
    for step, _ in plan:
        executor.record_migration(step)
    return True
