from django.contrib import admin

from apps.regions.models import Bank, City, CityBank, County, Province, ServiceOpening


class CodedAdmin(admin.ModelAdmin):
    """The code is the key: it is set once, because changing it would make a second row."""

    search_fields = ["code", "name"]
    ordering = ["code"]

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(["code"] if obj else [])]


@admin.register(Province)
class ProvinceAdmin(CodedAdmin):
    list_display = ["code", "name"]


class ServiceOpeningInline(admin.TabularInline):
    model = ServiceOpening
    extra = 0


class CityBankInline(admin.TabularInline):
    model = CityBank
    extra = 0
    autocomplete_fields = ["bank"]


@admin.register(City)
class CityAdmin(CodedAdmin):
    list_display = ["code", "name", "province", "produce_days", "dispatch_days", "collect_days"]
    list_filter = ["openings__service", "province"]
    list_select_related = ["province"]
    autocomplete_fields = ["province"]
    inlines = [ServiceOpeningInline, CityBankInline]
    fieldsets = [
        (None, {"fields": ["code", "name", "province", "is_municipality", "seat_code"]}),
        ("时限", {"fields": ["produce_days", "dispatch_days", "collect_days", "loss_report_days"]}),
        (
            "费用",
            {
                "fields": [
                    "card_fee_fen",
                    "postage_same_city_fen",
                    "postage_same_province_fen",
                    "postage_elsewhere_fen",
                ],
                "description": "单位为分：1000 即 10.00 元。",
            },
        ),
    ]


@admin.register(County)
class CountyAdmin(CodedAdmin):
    list_display = ["code", "name", "city"]
    list_filter = ["city__province"]
    list_select_related = ["city"]
    autocomplete_fields = ["city"]


@admin.register(Bank)
class BankAdmin(CodedAdmin):
    list_display = ["code", "name", "has_nationwide_branches"]
    list_filter = ["has_nationwide_branches"]
