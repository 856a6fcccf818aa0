"""What gunicorn runs: the application of one web process."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.module_loading import import_string

from apps.operations import metric_files
from sbk_portal.frame_room import with_room_for_frames

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sbk_portal.settings")
metric_files.count_together(settings.METRICS_DIR)

application = with_room_for_frames(get_wsgi_application())
_ = get_resolver().url_patterns  # loads all pages, or the first request would wait for them
if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
    import_string("sbk_portal.hung_server.answer_pages")()

# Both need the apps, which are there now.
from apps.operations.middleware import keep_alive  # noqa: E402

keep_alive()
