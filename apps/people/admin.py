"""Accounts and people for HR: masked, searchable, and without a way to change who somebody is.

People come from the roster. Nothing here deletes: cards and requests point to these rows.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.common.admin import DeclaredLookups, ReadOnlyAdmin, in_words
from apps.common.moments import day_of
from apps.common.visibility import shown
from apps.people.event_kinds import HolderAction
from apps.people.finding import by_own_number
from apps.people.masked_changes import changes_of
from apps.people.models import Consent, Holder, User
from apps.people.permissions import is_party
from apps.people.services import change_employee_number, record_change
from apps.queries.prefixes import begins_with_one
from apps.typed_text import names

# Tables of allauth that stay empty: nobody signs in by e-mail here, the settings name the server of
# the single sign-on, and nothing that it tells of somebody is kept.
admin.site.unregister([EmailAddress, SocialAccount, SocialApp, SocialToken])
# Secrets of people's second factors: an account loses them by `remove_factors`, nothing else.
admin.site.unregister(Authenticator)
# Where people are signed in is theirs to see.
admin.site.unregister(UserSession)
# The roles are written in code (apps/desk/roles.py); what each may do is not changed by hand.
admin.site.unregister(Group)


class NewAccountForm(forms.ModelForm):
    """An account for a reviewer who is not on the roster. It has no password until one is set."""

    class Meta:
        model = User
        fields = ["employee_number"]
        help_texts = {"employee_number": "建好后，给本人的手机发一个链接，由本人设置密码"}

    def clean_employee_number(self):
        return User.normalize_username(self.cleaned_data["employee_number"])

    def save(self, commit=True):
        self.instance.set_unusable_password()
        return super().save(commit=commit)


class OptionalEmployeeNumberField(forms.CharField):
    """An employee number. If the field is left empty, the number stays as it is."""

    def has_changed(self, initial, data):
        return bool(data) and User.normalize_username(data) != initial


class AccountForm(UserChangeForm):
    """An existing account. Its employee number stays as it is if the field is left empty."""

    employee_number = OptionalEmployeeNumberField(
        label="工号", max_length=20, required=False, help_text="变更后，本人用新的工号登录"
    )

    def clean_employee_number(self):
        typed = User.normalize_username(self.cleaned_data["employee_number"])
        return typed or self.instance.employee_number


class RoleFilter(admin.SimpleListFilter):
    """By a role; the address says its name, as Django's own filter would say its key."""

    title = "角色"
    parameter_name = "role"
    _NONE = "none"

    def lookups(self, request, model_admin):
        names = Group.objects.order_by("name").values_list("name", flat=True)
        return [*((name, name) for name in names), (self._NONE, "没有角色")]

    def queryset(self, request, queryset):
        role = self.value()
        if role not in dict(self.lookup_choices):
            return queryset
        return queryset.filter(groups=None if role == self._NONE else Group.objects.get(name=role))


class UserAdmin(DeclaredLookups, DjangoUserAdmin):
    """Accounts; registered by the desk, which logs each change.

    Users with the permission to change accounts create and lock accounts, and give out groups and
    access to the admin. They cannot do this to their own account or to a superuser. Only a
    superuser makes a superuser. The desk adds the link with which owners set their passwords.
    """

    add_form = NewAccountForm
    form = AccountForm
    list_display = ["employee_number", "is_active", "is_staff", in_words(User, "last_login")]
    list_filter = ["is_active", "is_staff", RoleFilter]
    search_fields = ["employee_number"]
    ordering = ["employee_number"]
    readonly_fields = [in_words(User, "last_login"), in_words(User, "created_at")]
    fieldsets = [
        (None, {"fields": ["employee_number", "password"]}),
        ("权限", {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        ("时间", {"fields": [*readonly_fields]}),
    ]
    add_fieldsets = [(None, {"fields": ["employee_number"]})]
    filter_horizontal = []

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Roles are few: boxes to tick, each called by its name."""
        if db_field.name == "groups":
            kwargs |= {"to_field_name": "name"}
            kwargs |= {"widget": forms.CheckboxSelectMultiple, "label": "角色", "help_text": ""}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        """Without the way to a new password where it would be refused."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (title, {"fields": [name for name in options["fields"] if name != "password"]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj)]
        if not request.user.is_superuser:
            fields.append("is_superuser")
            if obj == request.user:
                # Otherwise users who give out rights could give themselves more.
                fields += ["is_active", "is_staff", "groups"]
        return fields

    def save_model(self, request, obj, form, change):
        """A change of the employee number goes through its service, which records it."""
        number = obj.employee_number
        if change:
            obj.employee_number = form.initial["employee_number"]
        super().save_model(request, obj, form, change)
        if change:
            change_employee_number(
                user=obj, employee_number=number, by=request.user, at=timezone.now()
            )

    def has_change_permission(self, request, obj=None):
        """Only a superuser changes a superuser: whoever set its password could become one."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False


class HolderForm(forms.ModelForm):
    class Meta:
        model = Holder
        fields = ["department", "occupation", "ethnicity", "deceased_date", "has_card_elsewhere"]

    def clean_deceased_date(self):
        """A day that the birth date or the calendar contradicts is asked about."""
        day = self.cleaned_data["deceased_date"]
        if day is not None and day < self.instance.birth_date:
            raise ValidationError("死亡日期早于出生日期，请核对。", code="before_birth")
        if day is not None and day > day_of(timezone.now()):
            raise ValidationError("死亡日期晚于今天，请核对。", code="future")
        return day


class HolderAdmin(DeclaredLookups):
    """People, masked; registered by the desk, which adds the logged look at the full data."""

    form = HolderForm
    list_select_related = ["user"]
    search_fields = ["reference", "user__employee_number", "name"]
    search_help_text = "编号、工号、姓名，或完整的社会保障号码、手机号"
    readonly_fields = [
        "reference",
        "account",
        "masked_name",
        "id_type",
        "masked_id_number",
        "sex",
        "masked_phone",
        "masked_address",
        in_words(Holder, "left_date"),
    ]
    fieldsets = [
        ("身份", {"fields": [*readonly_fields]}),
        ("人事", {"fields": [*HolderForm.Meta.fields]}),
    ]

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if form.changed_data:
            before = {name: form.initial.get(name) for name in form.changed_data}
            after = {name: form.cleaned_data[name] for name in form.changed_data}
            facts = changes_of(before, after)
            at = timezone.now()
            record_change(
                action=HolderAction.CHANGE, holder=obj, by=request.user, at=at, facts=facts
            )

    def has_change_permission(self, request, obj=None):
        """Nobody changes what is kept about themselves or their own children."""
        is_own = obj is not None and is_party(request.user, obj)
        return super().has_change_permission(request, obj) and not is_own

    def get_search_results(self, request, queryset, search_term):
        found, may_have_duplicates = super().get_search_results(request, queryset, search_term)
        by_name = queryset.filter(begins_with_one("name_key", names.spellings(search_term)))
        for by_number in by_own_number(queryset, search_term).values():
            found |= by_number
        return found | by_name, may_have_duplicates

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="姓名")
    def masked_name(self, holder):
        return shown(holder.name, "roster.name")

    @admin.display(description="社会保障号码")
    def masked_id_number(self, holder):
        return shown(holder.id_number, "roster.id_number")

    @admin.display(description="手机号")
    def masked_phone(self, holder):
        return shown(holder.phone, "roster.phone")

    @admin.display(description="常住地址")
    def masked_address(self, holder):
        return shown(holder.address, "roster.address")

    @admin.display(description="账户")
    def account(self, holder):
        """Without Django's link: who reads people does not have to read accounts."""
        return str(holder.user or "—")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "user", "holder", "kind", "text_version", "given_at"]
    ordering = ["-given_at", "-pk"]
    list_filter = ["kind", "text_version"]
    list_select_related = ["user", "holder"]
