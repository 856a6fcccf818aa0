"""Every form that is sent says what its page showed, or why it needs no such field.

Somebody else may change a row while a page about it is open. A new view that takes POST is named by
the first test until it is in one of the two tables.
"""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from tests.test_strangers import named_urls
from tests.whole_world import ROOT, make_whole_world, member_of_staff

# URL name → (template with the form, what carries the version there).
SHOWN = 'name="shown"'
CARRIES = {
    "application:amend": ("people/_shown.html", SHOWN),
    "application:autosave": ("people/_shown.html", SHOWN),
    "application:child_precheck": ("application/precheck.html", SHOWN),
    "application:confirm": ("application/confirm.html", SHOWN),
    "application:discard": ("application/discard.html", SHOWN),
    "application:form": ("people/_shown.html", SHOWN),
    "application:portrait_crop": ("application/portrait.html", SHOWN),
    "application:portrait_decline": ("application/portrait.html", 'id="decline"'),
    "application:portrait_offered": ("application/_offered_portrait.html", SHOWN),
    "application:precheck": ("application/precheck.html", SHOWN),
    "application:shipping": ("people/_shown.html", SHOWN),
    "loss_report:lift": ("loss_report/lift.html", SHOWN),
    "loss_report:report": ("loss_report/report.html", "form.ends_at"),
    "payments:pay": ("payments/pay.html", SHOWN),
    "replacement:start": ("replacement/start.html", SHOWN),
    "replacement:take_back": ("replacement/loss.html", SHOWN),
    "admin:cards_cardrequest_approve": ("review/decisions/approve.html", "/_seen.html"),
    "admin:cards_cardrequest_recall": ("review/_recall.html", 'name="status_since"'),
    "admin:cards_cardrequest_reject": ("review/decisions/reject.html", "/_seen.html"),
    "admin:cards_cardrequest_request_amendment": (
        "review/decisions/amend.html",
        "_seen.html",
    ),
    "admin:replacement_formalloss_confirm": ("review/losses/confirm.html", "_loss_seen"),
    "admin:replacement_formalloss_refuse": ("review/losses/refuse.html", "_loss_seen"),
    "admin:replacement_formalloss_withdraw": ("review/losses/withdraw.html", "_loss_seen"),
    "admin:regions_arrangedday_upload": ("rulebook/preview.html", 'name="basis"'),
    "admin:regions_city_close_bank": ("rulebook/preview.html", 'name="basis"'),
    "admin:regions_city_close_service": ("rulebook/preview.html", 'name="basis"'),
    "admin:regions_city_open_bank": ("rulebook/preview.html", 'name="basis"'),
    "admin:regions_city_open_service": ("rulebook/preview.html", 'name="basis"'),
    "admin:regions_city_rule": ("rulebook/preview.html", 'name="basis"'),
    "admin:regions_city_withdraw_opening": ("rulebook/preview.html", 'name="basis"'),
    "admin:regions_city_withdraw_rule": ("rulebook/preview.html", 'name="basis"'),
    "admin:bureau_productionbatch_called": ("bureau_desk/batch.html", 'name="saved_at"'),
    **{
        f"admin:{case}_answer_colleague": ("desk/_referrals.html", "answering.asked_at")
        for case in ("cards_cardrequest", "replacement_formalloss", "people_guardianship")
    },
    "admin:onboarding_reminderrun_start": ("onboarding/_run.html", 'name="seen"'),
    "admin:handout_handoutday_change": ("handout_desk/day.html", SHOWN),
    "admin:handout_department_contact": ("handout_desk/departments.html", SHOWN),
    "admin:handout_boxcard_hand_out": ("handout_desk/person.html", 'name="proxy"'),
    "admin:handout_boxcard_return_due": ("handout_desk/table.html", 'name="seen"'),
    "admin:handout_box_give_back": ("handout_desk/box.html", 'name="seen"'),
    "handout:withdraw": ("handout/code.html", 'name="proxy"'),
    "admin:exports_export_columns": ("exports/columns.html", "seen_version"),
    "admin:bills_closedmonth_close": ("finance/month.html", SHOWN),
    "admin:notices_messagewording_change": ("notices_desk/detail.html", SHOWN),
    "admin:phrasebook_phrase_change": ("phrasebook/edit.html", SHOWN),
    "admin:saved_lists_savedlist_change": ("saved_lists/edit.html", SHOWN),
    "admin:saved_lists_savedlist_delete": ("saved_lists/index.html", 'name="name"'),
    "admin:saved_lists_savedlist_replace": ("saved_lists/new.html", 'name="seen"'),
}
# Why a form needs no version → the views that are posted so.
ONCE = "The move has one source that is entered once: what was shown is still so, or it is refused."
BEGINS = "Something new begins, and the rules are judged when it does."
WRITTEN_ONCE = "The row is written once and never changed; only its status moves, and that is said."
TO_AND_FRO = "Idempotent, and undone by the button beside it."
LOOK = "A look is recorded; nothing is changed."
OWN = "Only about the person who sends it, or about this browser."
DRY_RUN = "What is chosen is listed once more, row by row, before anything is done with it."
EACH = "Every row is judged again when it is worked off, and left with its reason if it changed."
NEEDS_NONE = {
    ONCE: """
        activation:start application:withdraw application:resume progress:collect
        admin:bureau_productionbatch_release admin:bureau_productionbatch_release_many
        admin:bureau_productionbatch_send_back
        admin:bureau_productionbatch_retry
        admin:bureau_bureaureport_retry
        admin:bureau_bureaureport_dismiss admin:bureau_quarantinedline_correct
        admin:bureau_quarantinedline_dismiss admin:roster_rosterupload_discard
        admin:roster_rosterupload_rematch admin:roster_rosterupload_match
        admin:roster_rosterupload_photos_discard
        admin:onboarding_reminderrun_discard
        admin:bulk_bulkrun_discard admin:bulk_bulkrun_stop admin:bureau_bureaufile_confirm
        admin:bureau_bureaufile_discard admin:payments_discrepancy_retry
        admin:payments_discrepancy_settle_refund admin:my_data_correction_change
        admin:person_changes_personchange_confirm admin:person_changes_personchange_decline
        admin:person_changes_personchange_withdraw
        admin:bills_dailybill_fetch
        admin:handout_box_receive admin:handout_box_count admin:handout_box_uncount
        admin:handout_box_check
        admin:handout_box_reopen admin:handout_handoutday_call_off admin:handout_boxcard_scan
        admin:desk_absence_end handout:authorise admin:handout_boxcard_letter
        admin:handout_boxcard_take_back""",
    BEGINS: """
        admin:handout_handoutday_arrange admin:person_changes_personchange_propose
        admin:desk_absence_changelist
        application:guide application:child_agreement application:reopen
        application:ask application:portrait my_data:correct admin:exports_export_ledger
        replacement:declare children:register verification:start
        admin:exports_export_sheet admin:exports_export_new admin:exports_export_file
        admin:roster_rosterupload_upload admin:roster_rosterupload_photos
        admin:saved_lists_savedlist_new
        admin:bureau_bureaufile_upload admin:bills_dailybill_import admin:phrasebook_phrase_add
        admin:onboarding_reminderrun_resend""",
    WRITTEN_ONCE: """
        admin:people_guardianship_confirm admin:people_guardianship_refuse
        admin:payments_discrepancy_settle admin:payments_discrepancy_note
        admin:payments_discrepancy_note_refund admin:cards_cardrequest_answer""",
    TO_AND_FRO: """
        admin:phrasebook_phrase_deactivate admin:phrasebook_phrase_reactivate
        admin:phrasebook_phrase_move_up admin:phrasebook_phrase_move_down
        admin:cards_cardrequest_claim admin:cards_cardrequest_release
        admin:cards_cardrequest_take_over admin:cards_cardrequest_postpone
        admin:cards_cardrequest_next admin:replacement_formalloss_claim
        admin:replacement_formalloss_release admin:replacement_formalloss_take_over
        admin:replacement_formalloss_postpone admin:replacement_formalloss_next
        admin:people_guardianship_claim admin:people_guardianship_release
        admin:people_guardianship_take_over admin:people_guardianship_postpone
        admin:people_guardianship_next admin:cards_cardrequest_refer
        admin:replacement_formalloss_refer admin:people_guardianship_refer""",
    LOOK: """
        admin:cards_cardrequest_disclose admin:replacement_formalloss_disclose
        admin:cards_cardrequest_phone
        admin:people_guardianship_disclose admin:people_holder_disclose
        admin:bureau_quarantinedline_look admin:cards_cardrequest_changelist
        admin:events_event_changelist admin:cards_cardrequest_preview_approval
        admin:cards_cardrequest_preview_amendment admin:cards_cardrequest_preview_rejection
        admin:roster_rosterupload_to_mend admin:bills_closedmonth_file
        admin:payments_discrepancy_payments_file admin:events_event_seen""",
    OWN: """
        home:read_messages notices:way account:look account:withdraw account_logout
        account_change_password account_reauthenticate mfa_remove_passkey account:end_sessions
        account_reset_ask
        account_reset_enter account_unlock my_data:copy my_data:erase single_sign_on:cas_back
        single_sign_on:oidc_ended
        admin:logout admin:password_change admin:saved_lists_savedlist_start_with
        admin:saved_lists_savedlist_start_as_usual""",
    DRY_RUN: "admin:bulk_bulkrun_new admin:onboarding_reminderrun_prepare",
    EACH: """
        admin:bulk_bulkrun_start admin:bulk_bulkrun_recall admin:roster_rosterupload_apply
        admin:bulk_bulkrun_approve_sheet admin:roster_rosterupload_photos_confirm
        admin:operations_alarm_handle admin:handout_boxcard_paper admin:handout_boxcard_remind""",
}
# What machines call, and the pages of another party's house.
NOT_OURS = re.compile(r"^(payments:notify|cashier:)")


def _none_needed():
    return {name for names in NEEDS_NONE.values() for name in names.split()}


@pytest.mark.slow
@pytest.mark.django_db
def test_every_view_that_takes_a_form_is_in_one_of_the_tables(client, settings):
    # It answers in place of the view.
    limits = "apps.common.request_limits.RequestLimitsMiddleware"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != limits]
    world = make_whole_world()
    taking = set()
    for who in (world.owner.user, member_of_staff(ROOT)):
        for name, args in named_urls():
            values = world.arguments(name, args)
            if values is None or NOT_OURS.match(name):
                continue
            client.force_login(who)
            # A view that says which methods it takes answers any other with the list of them.
            allowed = client.options(reverse(name, kwargs=values)).headers.get("Allow", "")
            if "POST" in allowed:
                taking.add(name)
    assert taking == CARRIES.keys() | _none_needed()
    assert not CARRIES.keys() & _none_needed()


@pytest.mark.parametrize("name", CARRIES)
def test_the_form_carries_what_its_page_showed(name):
    template, field = CARRIES[name]
    text = (Path(settings.BASE_DIR) / "templates" / template).read_text()
    assert re.search("<(form|input)|{% include", text)
    assert field in text
