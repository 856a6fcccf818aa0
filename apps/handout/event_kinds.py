"""Events about departments, which have no lifecycle."""

from apps.events.kinds import EventKind, register
from apps.handout.enums import DepartmentAction

DEPARTMENT = register(
    EventKind(
        "department",
        "部门",
        DepartmentAction,
        is_audit_only=True,
        looks=(
            DepartmentAction.LOOK.value,
            DepartmentAction.PRINT.value,
            DepartmentAction.PRINT_PROGRESS.value,
        ),
    )
)
