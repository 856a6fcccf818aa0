"""Who may open and post to which URL of the admin: the one table."""

from apps.desk import roles
from tests.whole_world import EVERYBODY, ROOT

ALL = {*EVERYBODY}
NOBODY: set[str] = set()
ONLY_ROOT = {ROOT}
READERS = {roles.REVIEWER, roles.SUPERVISOR, roles.AUDITOR, ROOT}
REVIEWERS = {roles.REVIEWER, roles.SUPERVISOR, ROOT}
SUPERVISORS = {roles.SUPERVISOR, ROOT}
AUDITORS = {roles.AUDITOR, ROOT}
ACCOUNTS = {roles.ADMINISTRATOR, ROOT}

# (names of URLs, who may GET, who may POST). The first line that fits a name counts, so special
# names come before general ones. A user who may read a list may also post to it (its search).
MAY = [
    ("admin:index", ALL, ALL),
    ("admin:app_list", ALL, ALL),
    ("admin:jsi18n", ALL, ALL),
    ("admin:view_on_site", ALL, ALL),
    ("admin:logout", ALL, ALL),
    ("admin:password_change", ALL, ALL),
    ("admin:password_change_done", ALL, ALL),
    ("admin:login", NOBODY, NOBODY),  # a signed-in user who comes here lacks a permission
    ("admin:autocomplete", AUDITORS, ALL),
    # Requests
    ("admin:cards_cardrequest_changelist", READERS, READERS),
    ("admin:cards_cardrequest_change", READERS, READERS),
    ("admin:cards_cardrequest_disclose", READERS, READERS),
    ("admin:cards_cardrequest_portrait", READERS, READERS),
    ("admin:cards_cardrequest_portrait_before", READERS, READERS),
    ("admin:cards_cardrequest_reference_photo", READERS, READERS),
    ("admin:cards_cardrequest_preview_*", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_next", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_claim", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_release", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_take_over", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_postpone", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_approve", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_request_amendment", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_reject", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_recall", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_answer", REVIEWERS, REVIEWERS),
    # Decisions in bulk
    ("admin:bulk_bulkrun_changelist", READERS, READERS),
    ("admin:bulk_bulkrun_change", READERS, READERS),
    ("admin:bulk_bulkrun_*", REVIEWERS, REVIEWERS),
    # The phrasebook
    ("admin:phrasebook_phrase_changelist", READERS, READERS),
    # The list shows the whole phrase, so its page is the form only.
    ("admin:phrasebook_phrase_*", SUPERVISORS, SUPERVISORS),
    # Formal losses
    ("admin:replacement_formalloss_changelist", READERS, READERS),
    ("admin:replacement_formalloss_change", READERS, READERS),
    ("admin:replacement_formalloss_next", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_claim", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_release", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_take_over", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_postpone", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_disclose", READERS, READERS),
    ("admin:replacement_formalloss_confirm", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_refuse", REVIEWERS, REVIEWERS),
    ("admin:replacement_formalloss_withdraw", REVIEWERS, REVIEWERS),
    # Guardianships
    ("admin:people_guardianship_changelist", READERS, READERS),
    ("admin:people_guardianship_change", READERS, READERS),
    ("admin:people_guardianship_disclose", READERS, READERS),
    ("admin:people_guardianship_proof", READERS, READERS),
    ("admin:people_guardianship_next", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_claim", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_release", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_take_over", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_postpone", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_confirm", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_refuse", REVIEWERS, REVIEWERS),
    # Exports
    ("admin:exports_export_changelist", READERS, READERS),
    ("admin:exports_export_change", READERS, READERS),
    ("admin:exports_export_new", REVIEWERS, REVIEWERS),
    ("admin:exports_export_file", REVIEWERS, REVIEWERS),
    # The bureau
    ("admin:bureau_productionbatch_changelist", READERS, READERS),
    ("admin:bureau_productionbatch_change", READERS, READERS),
    ("admin:bureau_productionbatch_held", READERS, READERS),
    ("admin:bureau_productionbatch_hold", READERS, READERS),
    ("admin:bureau_productionbatch_*", SUPERVISORS, SUPERVISORS),
    ("admin:bureau_bureaureport_changelist", READERS, READERS),
    ("admin:bureau_bureaureport_*", SUPERVISORS, SUPERVISORS),
    ("admin:bureau_bureaufile_changelist", READERS, READERS),
    ("admin:bureau_bureaufile_change", READERS, READERS),
    ("admin:bureau_bureaufile_*", SUPERVISORS, SUPERVISORS),
    ("admin:bureau_quarantinedline_changelist", READERS, READERS),
    ("admin:bureau_quarantinedline_change", READERS, READERS),
    ("admin:bureau_quarantinedline_look", READERS, READERS),
    ("admin:bureau_quarantinedline_*", SUPERVISORS, SUPERVISORS),
    # The roster
    ("admin:roster_rosterupload_changelist", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_change", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_template", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_problems", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_progress", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_*", SUPERVISORS, SUPERVISORS),
    # Accounts
    ("admin:people_user_changelist", AUDITORS | ACCOUNTS, AUDITORS | ACCOUNTS),
    ("admin:people_user_history", AUDITORS | ACCOUNTS, AUDITORS | ACCOUNTS),
    ("admin:people_user_change", AUDITORS | ACCOUNTS, ACCOUNTS),
    ("admin:people_user_add", ACCOUNTS, ACCOUNTS),
    ("admin:auth_user_password_change", ACCOUNTS, ACCOUNTS),
    ("admin:people_user_delete", NOBODY, NOBODY),
    ("admin:auth_group_add", ONLY_ROOT, ONLY_ROOT),
    ("admin:auth_group_change", AUDITORS, ONLY_ROOT),
    ("admin:auth_group_delete", ONLY_ROOT, ONLY_ROOT),
    # People
    ("admin:people_holder_changelist", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:people_holder_history", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:people_holder_change", SUPERVISORS | AUDITORS, SUPERVISORS),
    ("admin:people_holder_disclose", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    # Regions and rules
    ("admin:regions_city_changelist", READERS, READERS),
    ("admin:regions_city_change", READERS, READERS),
    ("admin:regions_city_*", SUPERVISORS, SUPERVISORS),
    ("admin:regions_arrangedday_changelist", READERS, READERS),
    ("admin:regions_arrangedday_sample", READERS, READERS),
    ("admin:regions_arrangedday_upload", SUPERVISORS, SUPERVISORS),
    ("admin:regions_bank_change", AUDITORS, NOBODY),
    ("admin:regions_bank_add", NOBODY, NOBODY),
    ("admin:regions_bank_delete", NOBODY, NOBODY),
    ("admin:regions_*_add", ONLY_ROOT, ONLY_ROOT),
    ("admin:regions_*_change", AUDITORS, ONLY_ROOT),
    ("admin:regions_*_delete", ONLY_ROOT, ONLY_ROOT),
    # Money that needs a person
    ("admin:payments_discrepancy_change*", READERS, READERS),
    ("admin:payments_discrepancy_refund", READERS, READERS),
    ("admin:payments_discrepancy_*", REVIEWERS, REVIEWERS),
    # The book of events
    ("admin:events_event_change*", AUDITORS, AUDITORS),
    # Everything else is for auditors to read, and nobody adds, changes or deletes it.
    ("admin:*_changelist", AUDITORS, AUDITORS),
    ("admin:*_history", AUDITORS, AUDITORS),
    ("admin:*_change", AUDITORS, NOBODY),
    ("admin:*_add", NOBODY, NOBODY),
    ("admin:*_delete", NOBODY, NOBODY),
]
