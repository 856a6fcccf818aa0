from django.apps import AppConfig
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from apps.seals import checkpoints, cosignatures


class SealsConfig(AppConfig):
    name = "apps.seals"
    verbose_name = "存证"

    def ready(self):
        checks.register(check_keys)


def check_keys(app_configs, **kwargs):
    """The keys of the settings can be read."""
    try:
        checkpoints.known_keys()
        cosignatures.known_keys()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="seals.E001")]
    return []
