"""The pages of the saved lists: all of them, save the present one, rename, delete, open first."""

from django.contrib import admin, messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from apps.case_list.views import LIST as QUEUE
from apps.case_list.views import NOTHING
from apps.common.gone import WhatIsGone, get_or_gone
from apps.common.refusals import Refused
from apps.desk.colleagues import told
from apps.desk.forms import as_read
from apps.desk.gates import readers_only, reviewers_only
from apps.review.filters import RequestFilter
from apps.saved_lists import services
from apps.saved_lists.forms import ListForm, NewListForm
from apps.saved_lists.models import SavedList
from apps.saved_lists.policies import may_change, may_share
from apps.unsent.typed_again import posted_from

LIST = "admin:saved_lists_savedlist_changelist"


@readers_only
@require_safe
def index(request):
    lists = list(SavedList.objects.visible_to(request.user).select_related("by__holder"))
    context = {
        **admin.site.each_context(request),
        "title": "保存的列表",
        "rows": [(row, may_change(row, by=request.user)) for row in lists],
    }
    return render(request, "saved_lists/index.html", context)


@reviewers_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """Save the list whose query string stands in the address."""
    chosen = RequestFilter.read(request.GET)
    query = chosen.query or NOTHING
    options = {"may_share": may_share(request.user)}
    form = NewListForm(request.POST if request.method == "POST" else None, **options)
    if form.is_valid():
        try:
            services.save_list(
                name=form.cleaned_data["title"],
                query=query,
                is_shared=form.is_sharing,
                is_first=form.cleaned_data["is_first"],
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("title", told(refusal, by=request.user))
        else:
            messages.success(request, f"已保存为「{form.cleaned_data['title']}」。")
            return redirect(f"{_queue()}?{query}")
    context = {
        **admin.site.each_context(request),
        "title": "保存这个列表",
        "form": form,
        "words": chosen.chosen or [("环节", "待审核")],
        "order": chosen.order,
        "query": query,
        "queue": _queue(),
        "replaceable": [
            row
            for row in SavedList.objects.visible_to(request.user).select_related("by__holder")
            if row.query != query and may_change(row, by=request.user)
        ],
    }
    return render(request, "saved_lists/new.html", context)


@reviewers_only
@posted_from(LIST)
def replace(request, reference):
    """Put the filter in the address in the place of that of a saved list."""
    saved_list, query = _get(request, reference), RequestFilter.read(request.GET).query or NOTHING
    try:
        services.replace_query(
            saved_list=saved_list,
            query=query,
            seen=request.POST.get("seen", ""),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
        return redirect(LIST)
    messages.success(request, f"「{saved_list.name}」换成了现在的筛选和次序。")
    return redirect(f"{_queue()}?{query}")


@reviewers_only
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, reference):
    saved_list = _get(request, reference)
    form_of_row = as_read(
        ListForm,
        about=f"saved_list:{saved_list.pk}",
        saved_last=lambda: services.saved_last(saved_list=saved_list),
        reader=request.user,
    )
    form = form_of_row(
        request.POST if request.method == "POST" else None,
        initial={"title": saved_list.name, "is_shared": saved_list.is_shared},
        may_share=may_share(request.user),
    )
    if form.is_valid():
        try:
            services.edit(
                saved_list=saved_list,
                name=form.cleaned_data["title"],
                is_shared=form.is_sharing,
                by=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error("title", told(refusal, by=request.user))
        else:
            messages.success(request, "已修改。")
            return redirect(LIST)
    context = {
        **admin.site.each_context(request),
        "title": "修改列表",
        "form": form,
        "may_change": may_change(saved_list, by=request.user),
        "words": RequestFilter.read(QueryDict(saved_list.query)).chosen or [("环节", "待审核")],
    }
    return render(request, "saved_lists/edit.html", context)


@reviewers_only
@posted_from(LIST)
def delete(request, reference):
    saved_list = _get(request, reference)
    try:
        services.delete_list(
            saved_list=saved_list,
            name=request.POST.get("name", ""),
            by=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        messages.error(request, told(refusal, by=request.user))
    else:
        messages.success(request, f"已删除「{saved_list.name}」。")
    return redirect(LIST)


@reviewers_only
@posted_from(LIST)
def start_with(request, reference):
    saved_list = _get(request, reference)
    services.start_with(saved_list=saved_list, by=request.user, at=timezone.now())
    messages.success(request, f"以后打开申请审核，先看「{saved_list.name}」。")
    return redirect(LIST)


@reviewers_only
@posted_from(LIST)
def start_as_usual(request):
    services.start_as_usual(by=request.user, at=timezone.now())
    messages.success(request, "以后打开申请审核，先看待审核的申请。")
    return redirect(LIST)


_DELETED = WhatIsGone(
    "这个列表已经没有了",
    "它可能已经删除，或者保存它的同事不再共享。列表里的申请都还在，可以重新筛选、保存。",
    "去申请审核",
    QUEUE,
)


def _get(request, reference):
    return get_or_gone(SavedList.objects.visible_to(request.user), _DELETED, reference=reference)


def _queue():
    return redirect(QUEUE).url
