from django.urls import path

from apps.application.views import amend, child, delivery, form, guide, portrait, reopen, submit

app_name = "application"

urlpatterns = [
    path("apply/", guide.guide, name="guide"),
    path("apply/for-child/", child.for_child, name="guide_for_child"),
    path("apply/for-child/<str:reference>/", child.agreement, name="child_agreement"),
    path("apply/for-child/<str:reference>/precheck/", child.precheck, name="child_precheck"),
    path("apply/precheck/", guide.precheck, name="precheck"),
    path("apply/precheck/banks/", guide.banks, name="banks"),
    path("apply/<str:reference>/", submit.detail, name="detail"),
    path("apply/<str:reference>/form/", form.particulars, name="form"),
    path("apply/<str:reference>/autosave/", form.autosave, name="autosave"),
    path("apply/<str:reference>/portrait/", portrait.upload, name="portrait"),
    path("apply/<str:reference>/portrait/crop/", portrait.crop, name="portrait_crop"),
    path("apply/<str:reference>/portrait/offered/", portrait.use_offered, name="portrait_offered"),
    path(
        "apply/<str:reference>/portrait/offered/decline/",
        portrait.decline_offered,
        name="portrait_decline",
    ),
    path("apply/<str:reference>/portrait/<str:which>.jpg", portrait.image, name="portrait_image"),
    path("apply/<str:reference>/confirm/", submit.confirm, name="confirm"),
    path("apply/<str:reference>/submitted/", submit.submitted, name="submitted"),
    path("apply/<str:reference>/shipping/", delivery.shipping, name="shipping"),
    path("apply/<str:reference>/discard/", form.discard, name="discard"),
    path("apply/<str:reference>/withdraw/", delivery.withdraw, name="withdraw"),
    path("apply/<str:reference>/amend/", amend.amend, name="amend"),
    path("apply/<str:reference>/reopen/", reopen.reopen, name="reopen"),
    path("apply/<str:reference>/resume/", reopen.resume, name="resume"),
    path("apply/<str:reference>/ask/", reopen.ask, name="ask"),
]
