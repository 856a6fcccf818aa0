"""What a reviewer does at the desk, through its pages."""

from django.urls import reverse

REASON = {"disclosure-reason": "与身份证影像核对号码"}


def claimed(desk, case):
    """The page of `case` after the reviewer of the browser `desk` claimed it."""
    prefix = f"{case._meta.app_label}_{case._meta.model_name}"
    return desk.post(reverse(f"admin:{prefix}_claim", args=[case.reference]), follow=True)
