"""Departments and their contact persons."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.common.addresses import row_url
from apps.common.refusals import Refused
from apps.common.visibility import shown
from apps.desk.colleagues import told
from apps.desk.forms import as_read
from apps.handout import departments
from apps.handout.lists import remainders
from apps.handout.models import Department
from apps.handout_desk.forms import ContactForm
from apps.handout_desk.views.pages import handers_only, show
from apps.unsent.typed_again import posted_from

INDEX = "admin:handout_department_changelist"


@handers_only
@require_safe
def index(request):
    return _page(request)


def _page(request, *, wrong=None, form=None):
    rows = [
        (row, form if wrong == row else _form_of(row, reader=request.user))
        for row in remainders().select_related("contact__holder")
    ]
    context = {"title": "部门和联系人", "rows": rows, "refused": form}
    return show(request, "handout_desk/departments.html", **context)


def _form_of(department, *, reader, data=None):
    contact = department.contact
    number = shown(contact.employee_number, "table.employee_number") if contact else ""
    form_of_row = as_read(
        ContactForm,
        about=f"department:{department.pk}",
        saved_last=lambda: departments.contact_named_last(department),
        reader=reader,
    )
    prefix = f"d{department.reference}"
    form = form_of_row(data, prefix=prefix, initial={"employee_number": number})
    form.action = row_url("admin:handout_department_contact", department.reference)
    return form


@handers_only
@posted_from(INDEX)
def contact(request, reference):
    related = Department.objects.select_related("contact__holder")
    department = get_object_or_404(related, reference=reference)
    form = _form_of(department, reader=request.user, data=request.POST)
    if not form.is_valid():
        return _page(request, wrong=department, form=form)
    try:
        number = form.cleaned_data["employee_number"]
        departments.name_contact(
            department=department, employee_number=number, by=request.user, at=timezone.now()
        )
    except Refused as refusal:
        form.add_error("employee_number", told(refusal, by=request.user))
        return _page(request, wrong=department, form=form)
    messages.success(request, f"{department.name}的联系人已更新。")
    return redirect(INDEX)
