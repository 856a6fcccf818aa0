from importlib import import_module

from django.apps import AppConfig

from apps.case_list.tools import show_lists


class SavedListsConfig(AppConfig):
    name = "apps.saved_lists"
    verbose_name = "保存的列表"

    def ready(self):
        offered = import_module("apps.saved_lists.offered")
        show_lists(offered.lists_of, asks=offered.asks_lists)
