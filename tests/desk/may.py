"""Who may open and post to which URL of the admin: the one table."""

from apps.desk import roles
from tests.whole_world import EVERYBODY, ROOT

ALL = {*EVERYBODY}
NOBODY: set[str] = set()
READERS = {roles.REVIEWER, roles.SUPERVISOR, roles.AUDITOR, ROOT}
REVIEWERS = {roles.REVIEWER, roles.SUPERVISOR, ROOT}
SUPERVISORS = {roles.SUPERVISOR, ROOT}
AUDITORS = {roles.AUDITOR, ROOT}
MONEY = READERS | {roles.FINANCE}
SETTLERS = REVIEWERS | {roles.FINANCE}
OPERATORS = {roles.OPERATOR, ROOT}
TRACERS = {roles.SUPERVISOR, roles.AUDITOR, ROOT}
HANDERS = {roles.HANDER, roles.SUPERVISOR, ROOT}
ACCOUNTS = {roles.ADMINISTRATOR, ROOT}

# (names of URLs, who may GET, who may POST). The first line that fits a name counts, so special
# names come before general ones. A user who may read a list may also post to it (its search).
MAY = [
    ("admin:index", ALL, ALL),
    ("admin:still_here", ALL, ALL),
    ("admin:app_list", ALL, ALL),
    ("admin:jsi18n", ALL, ALL),
    ("admin:logout", ALL, ALL),
    ("admin:password_change", ALL, ALL),
    ("admin:password_change_done", ALL, ALL),
    ("admin:login", NOBODY, NOBODY),  # a signed-in user who comes here lacks a permission
    # Requests
    ("admin:cards_cardrequest_changelist", READERS, READERS),
    ("admin:cards_cardrequest_change", READERS, READERS),
    ("admin:cards_cardrequest_disclose", READERS, READERS),
    ("admin:cards_cardrequest_phone", READERS, READERS),
    ("admin:cards_cardrequest_portrait", READERS, READERS),
    ("admin:cards_cardrequest_portrait_before", READERS, READERS),
    ("admin:cards_cardrequest_reference_photo", READERS, READERS),
    ("admin:cards_cardrequest_preview_*", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_next", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_claim", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_release", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_take_over", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_postpone", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_refer", REVIEWERS, REVIEWERS),
    # Who was asked answers; to others there is nothing to answer.
    ("admin:cards_cardrequest_answer_colleague", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_approve", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_request_amendment", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_reject", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_recall", REVIEWERS, REVIEWERS),
    ("admin:cards_cardrequest_answer", REVIEWERS, REVIEWERS),
    # The team
    ("admin:desk_absence_changelist", READERS, REVIEWERS),
    ("admin:desk_absence_*", REVIEWERS, REVIEWERS),
    ("admin:desk_claim_*", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    # Decisions in bulk
    ("admin:bulk_bulkrun_changelist", READERS, READERS),
    ("admin:bulk_bulkrun_change", READERS, READERS),
    # A contact sheet is there for the one who opened it.
    ("admin:bulk_bulkrun_pictures", REVIEWERS, REVIEWERS),
    ("admin:bulk_bulkrun_approve_sheet", REVIEWERS, REVIEWERS),
    ("admin:bulk_bulkrun_*", REVIEWERS, REVIEWERS),
    # How far new people have come, and reminding them
    ("admin:onboarding_reminderrun_changelist", READERS, READERS),
    ("admin:onboarding_reminderrun_progress", READERS, READERS),
    ("admin:onboarding_reminderrun_change", READERS, READERS),
    ("admin:onboarding_reminderrun_resend", SUPERVISORS, SUPERVISORS),
    ("admin:onboarding_reminderrun_*", REVIEWERS, REVIEWERS),
    # The words of the messages
    ("admin:notices_messagewording_changelist", READERS, READERS),
    ("admin:notices_messagewording_change", READERS, SUPERVISORS),
    # Lists that reviewers keep under a name
    ("admin:saved_lists_savedlist_changelist", READERS, READERS),
    ("admin:saved_lists_savedlist_*", REVIEWERS, REVIEWERS),
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
    ("admin:replacement_formalloss_refer", REVIEWERS, REVIEWERS),
    # Who was asked answers; to others there is nothing to answer.
    ("admin:replacement_formalloss_answer_colleague", REVIEWERS, REVIEWERS),
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
    ("admin:people_guardianship_refer", REVIEWERS, REVIEWERS),
    # Who was asked answers; to others there is nothing to answer.
    ("admin:people_guardianship_answer_colleague", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_confirm", REVIEWERS, REVIEWERS),
    ("admin:people_guardianship_refuse", REVIEWERS, REVIEWERS),
    # Corrections that people asked for
    ("admin:my_data_correction_changelist", TRACERS, TRACERS),
    ("admin:my_data_correction_change", TRACERS, SUPERVISORS),
    # Changes of who somebody is: reviewers propose, whoever keeps the roster decides
    ("admin:person_changes_personchange_changelist", READERS, READERS),
    ("admin:person_changes_personchange_change", READERS, READERS),
    ("admin:person_changes_personchange_confirm", SUPERVISORS, SUPERVISORS),
    ("admin:person_changes_personchange_decline", SUPERVISORS, SUPERVISORS),
    ("admin:person_changes_personchange_*", REVIEWERS, REVIEWERS),
    # Whose data somebody saw
    ("admin:events_event_seen", TRACERS, TRACERS),
    ("admin:events_event_seals*", AUDITORS, AUDITORS),
    # Exports
    ("admin:exports_export_changelist", READERS, READERS),
    ("admin:exports_export_change", READERS, READERS),
    ("admin:exports_export_new", REVIEWERS, REVIEWERS),
    ("admin:exports_export_file", READERS, READERS),
    ("admin:exports_export_ledger", TRACERS, TRACERS),
    ("admin:exports_export_sheet", SUPERVISORS, SUPERVISORS),
    ("admin:exports_export_columns", SUPERVISORS, SUPERVISORS),
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
    ("admin:roster_rosterupload_photos", SUPERVISORS, SUPERVISORS),
    ("admin:roster_rosterupload_photos_change", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_template", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_problems", SUPERVISORS | AUDITORS, SUPERVISORS | AUDITORS),
    ("admin:roster_rosterupload_*", SUPERVISORS, SUPERVISORS),
    # Accounts
    ("admin:people_user_changelist", AUDITORS | ACCOUNTS, AUDITORS | ACCOUNTS),
    ("admin:people_user_history", AUDITORS | ACCOUNTS, AUDITORS | ACCOUNTS),
    ("admin:people_user_change", AUDITORS | ACCOUNTS, ACCOUNTS),
    ("admin:people_user_add", ACCOUNTS, ACCOUNTS),
    ("admin:auth_user_password_change", ACCOUNTS, ACCOUNTS),
    ("admin:people_user_delete", NOBODY, NOBODY),
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
    ("admin:regions_*_add", NOBODY, NOBODY),
    ("admin:regions_*_change", AUDITORS, NOBODY),
    ("admin:regions_*_delete", NOBODY, NOBODY),
    # Money that needs a person
    ("admin:payments_discrepancy_change*", MONEY, MONEY),
    ("admin:payments_discrepancy_refund", MONEY, MONEY),
    ("admin:payments_discrepancy_payments", MONEY, MONEY),
    ("admin:payments_discrepancy_*", SETTLERS, SETTLERS),
    ("admin:bills_dailybill_change*", MONEY, MONEY),
    ("admin:bills_dailybill_*", SETTLERS, SETTLERS),
    # Cards that the unit hands out
    ("admin:handout_*", HANDERS, HANDERS),
    ("admin:bills_closedmonth_close", SETTLERS, SETTLERS),
    ("admin:bills_closedmonth_*", MONEY, MONEY),
    # The running portal
    ("admin:operations_alarm_*", OPERATORS, OPERATORS),
    # The book of events
    ("admin:events_event_change*", AUDITORS, AUDITORS),
    ("admin:events_event_seals*", AUDITORS, AUDITORS),
    # Everything else is for auditors to read, and nobody adds, changes or deletes it.
    ("admin:*_changelist", AUDITORS, AUDITORS),
    ("admin:*_history", AUDITORS, AUDITORS),
    ("admin:*_change", AUDITORS, NOBODY),
    ("admin:*_add", NOBODY, NOBODY),
    ("admin:*_delete", NOBODY, NOBODY),
]
