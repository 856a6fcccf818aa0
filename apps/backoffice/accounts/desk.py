"""The accounts, for system administrators. Each change is recorded in the book of events."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.account.password_reset.services import send_link
from apps.backoffice.accounts import services
from apps.backoffice.accounts.forms import ResetLinkForm
from apps.common.refusals import Refused
from apps.common.visibility import shown
from apps.people.admin import UserAdmin
from apps.people.models import User


class AccountAdmin(UserAdmin):
    actions = ["remove_factors", "end_sessions"]

    def user_change_password(self, request, id, form_url=""):
        """In place of Django's page: a link to the owner's phone; nobody else knows the password.

        For oneself, by whatever spelling of the key: the page that asks for the old password.
        """
        account = self.get_object(request, unquote(id))
        if account is None:
            raise Http404
        if account == request.user:
            return redirect("account_change_password")
        if not self.has_change_permission(request, account):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = ResetLinkForm(posted, account=account)
        if form.is_valid():
            try:
                send_link(
                    account=account,
                    phone=form.cleaned_data.get("phone"),
                    by=request.user,
                    at=timezone.now(),
                )
            except Refused as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, "链接已发到本人的手机，由本人设置新密码。")
                return redirect("admin:people_user_change", account.pk)
        context = self.admin_site.each_context(request)
        context |= {"title": "让本人重设密码", "account": account, "form": form}
        return render(request, "backoffice/accounts/reset_link.html", context)

    @admin.action(description="解除两步验证（已核对本人身份证件）", permissions=["change"])
    def remove_factors(self, request, queryset):
        for account in queryset.order_by("employee_number"):
            try:
                services.remove_factors(account=account, by=request.user)
            except Refused as refusal:
                messages.warning(request, refusal.message)
            else:
                number = shown(account.employee_number, "accounts.employee_number")
                messages.success(request, f"已解除账户 {number} 的两步验证，本人会收到通知。")

    @admin.action(description="结束在所有设备上的登录", permissions=["change"])
    def end_sessions(self, request, queryset):
        for account in queryset.order_by("employee_number"):
            try:
                services.end_sessions(account=account, by=request.user, at=timezone.now())
            except Refused as refusal:
                messages.warning(request, refusal.message)
            else:
                number = shown(account.employee_number, "accounts.employee_number")
                messages.success(request, f"账户 {number} 在所有设备上都退出了，本人会收到通知。")

    def log_addition(self, request, obj, message):
        return self._log(super().log_addition(request, obj, message), obj, message)

    def log_change(self, request, obj, message):
        """Called after each change of the form, and after a password was set."""
        entry = super().log_change(request, obj, message)
        rest = _without_number(message)
        return self._log(entry, obj, rest) if rest else entry

    def _log(self, entry, account, message):
        services.record_change(
            account=account, changed=message, by=entry.user, at=entry.action_time
        )
        return entry


def _without_number(message):
    """The admin's `message` without the employee number, whose change has an event of its own."""
    if isinstance(message, str):
        return message
    label = str(User._meta.get_field("employee_number").verbose_name)
    kept = []
    for part in message:
        fields = part.get("changed", {}).get("fields")
        rest = fields and [field for field in fields if field != label]
        if fields is None:
            kept.append(part)
        elif rest:
            kept.append({"changed": part["changed"] | {"fields": rest}})
    return kept
