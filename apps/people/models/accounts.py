"""Accounts: who can sign in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models

from apps.people.enums import Edition, Theme
from apps.typed_text.plain_text import visible


class UserManager(BaseUserManager["User"]):
    def create_user(self, employee_number, password=None, **fields):
        """An account; without a `password` nobody can sign in to it yet."""
        number = self.model.normalize_username(employee_number)
        user = self.model(employee_number=number, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, employee_number, password=None, **fields):
        return self.create_user(
            employee_number, password, **fields | {"is_staff": True, "is_superuser": True}
        )

    def get_by_natural_key(self, employee_number):
        return self.get(employee_number=employee_number)


class User(AbstractBaseUser, PermissionsMixin):
    """An account: signs in with the employee number, or the phone of its holder."""

    employee_number = models.CharField(
        "工号", max_length=20, unique=True, error_messages={"unique": "这个工号已有账户。"}
    )
    is_active = models.BooleanField("可登录", default=True)
    is_staff = models.BooleanField("可进入审核后台", default=False)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)

    # Empty: never chosen, so that the choice of the browser holds.
    theme = models.CharField("配色", max_length=8, choices=Theme, blank=True, default="")
    edition = models.CharField("版本", max_length=8, choices=Edition, blank=True, default="")

    objects = UserManager()

    USERNAME_FIELD = "employee_number"

    class Meta:
        verbose_name = verbose_name_plural = "账户"

    def __str__(self):
        return f"账户 {self.employee_number}"

    @classmethod
    def normalize_username(cls, username):
        """As it is stored and looked up: half-width, capitals, no spaces and invisible marks."""
        return "".join(visible(super().normalize_username(username)).split()).upper()
