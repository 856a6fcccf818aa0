"""`python -m tests.migration_lint`: no migration breaks the release that still runs.

While an upgrade migrates, the old program works on; after a rollback it does so for long. So no
column may go or change its name, none may be NOT NULL without a default in the database, and no
index may be built that locks its table for long. What the first release is made of (the first
migration of each app) has nothing before it.

It reads the statements for PostgreSQL, so DATABASE_URL must name one; nothing is written there.
"""

import os
import sys
import tempfile
from pathlib import Path

# Text columns that only grow: PostgreSQL rewrites nothing, and the old program writes less.
GROWING = (
    "0003_hold_longer_filters",
    "0005_hold_longer_filters",
    "0003_name_who_signed_on_paper",
)
# Unique among rows with a column that this migration adds: there are none yet, and the old program
# writes none.
UNIQUE_AMONG_NEW = ("0004_export_sheets",)
# Columns that were unique before, by the field: a constraint of the table takes its place at once.
UNIQUE_AS_BEFORE = ("0006_drop_idle_indexes", "0011_drop_idle_indexes")
ROOT = Path(__file__).resolve().parents[1]


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "sbk_portal.settings"
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        print("migration lint: left out, it needs DATABASE_URL=postgres://…")
        return
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["SBK_VAR_DIR"] = scratch
        sys.exit(lint())


def lint():
    """The exit code of the linter."""
    import django  # noqa: PLC0415 (not before the environment is set)
    from django.apps import apps  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django_migration_linter"]
    django.setup()
    from django_migration_linter import MigrationLinter  # noqa: PLC0415

    ours = [config.label for config in apps.get_app_configs() if config.name.startswith("apps.")]
    linter = MigrationLinter(
        str(ROOT),
        include_apps=ours,
        ignore_initial_migrations=True,
        ignore_name=(*GROWING, *UNIQUE_AMONG_NEW, *UNIQUE_AS_BEFORE),
        no_cache=True,
    )
    linter.lint_all_migrations()
    linter.print_summary()
    return linter.has_errors


if __name__ == "__main__":
    main()
