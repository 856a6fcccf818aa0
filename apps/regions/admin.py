"""The master data of `load_regions`. The pages of the cities and their rules are on the desk."""

from django.contrib import admin

from apps.common.admin import ReadOnlyAdmin
from apps.regions.models import Bank, County, Province


class CodedAdmin(ReadOnlyAdmin):
    """Read-only, because the files of `load_regions` say what there is."""

    search_fields = ["code", "name"]
    ordering = ["code"]


@admin.register(Province)
class ProvinceAdmin(CodedAdmin):
    list_display = ["code", "name"]


@admin.register(County)
class CountyAdmin(CodedAdmin):
    list_display = ["code", "name", "city"]
    list_filter = ["city__province"]
    list_select_related = ["city"]


@admin.register(Bank)
class BankAdmin(CodedAdmin):
    list_display = ["code", "name", "has_nationwide_branches"]
    list_filter = ["has_nationwide_branches"]
