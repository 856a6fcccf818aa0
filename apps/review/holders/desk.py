"""The people on the roster, masked, with a button to the logged look."""

from django.urls import path

from apps.people.admin import HolderAdmin
from apps.review.holders import views


class HolderDesk(HolderAdmin):
    change_form_template = "review/holders/change_form.html"

    def get_urls(self):
        disclose = path(
            "<str:reference>/disclose/",
            self.admin_site.admin_view(views.disclose),
            name="people_holder_disclose",
        )
        return [disclose, *super().get_urls()]
