from django.apps import AppConfig


class MyDataConfig(AppConfig):
    name = "apps.my_data"
    verbose_name = "我的信息"
