from django.apps import AppConfig


class PersonChangesConfig(AppConfig):
    name = "apps.person_changes"
    verbose_name = "人员更正"
