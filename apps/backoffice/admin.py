"""Registers the pages of the back office in the admin: one line for each model."""

from django.contrib import admin

from apps.backoffice.accounts.desk import AccountAdmin
from apps.backoffice.holders.desk import HolderDesk
from apps.backoffice.roster.desk import RosterUploadAdmin
from apps.people.models import Holder, User
from apps.roster.models import RosterUpload

admin.site.site_title = "社保卡审核"
admin.site.site_header = "社保卡自助办理 · 审核后台"
admin.site.index_title = "审核工作台"
admin.site.enable_nav_sidebar = False  # the desk has a bar of its own, and needs the width

admin.site.register(RosterUpload, RosterUploadAdmin)
admin.site.register(Holder, HolderDesk)
admin.site.register(User, AccountAdmin)
