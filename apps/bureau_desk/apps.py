from django.apps import AppConfig


class BureauDeskConfig(AppConfig):
    name = "apps.bureau_desk"
    verbose_name = "制卡单位（审核后台）"
