"""The master data of `load_regions`. The pages of the cities and their rules are on the desk."""

from django.contrib import admin

from apps.regions.models import Bank, County, Province


class CodedAdmin(admin.ModelAdmin):
    """The code is the primary key: it cannot be changed, because that would make a second row."""

    search_fields = ["code", "name"]
    ordering = ["code"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]


@admin.register(Province)
class ProvinceAdmin(CodedAdmin):
    list_display = ["code", "name"]


@admin.register(County)
class CountyAdmin(CodedAdmin):
    list_display = ["code", "name", "city"]
    list_filter = ["city__province"]
    list_select_related = ["city"]
    raw_id_fields = ["city"]


@admin.register(Bank)
class BankAdmin(CodedAdmin):
    """Read-only, because the files say which banks take part."""

    list_display = ["code", "name", "has_nationwide_branches"]
    list_filter = ["has_nationwide_branches"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
