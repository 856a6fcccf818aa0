"""The part of a page that asks who somebody is, beside the confirmation of what is done.

One POST of the page checks and confirms:

    panel = CheckPanel(request, holder=…, purpose=…, card_request=…, begin=…, at=at)
    if panel.is_sending:  # 获取验证码
        return panel.page(template, context)
    if request.method == "POST" and panel.prove():
        …  # do it: the service uses up the check

The template of the page includes `verification/_panel.html` and has a form with the id
`panel.FORM`, to which the fields of the panel belong. With scripts, the page asks for a code by
itself on arrival; a reload finds the code that was sent. Without, there is a button.
"""

from functools import cached_property

from django.views.decorators.debug import sensitive_post_parameters

from apps.common.browser_permissions import uses_camera
from apps.common.pages import page_or_fragment, whole
from apps.common.refusals import Refused
from apps.sign_in.recording import client_ip
from apps.unsent.typed_again import keeps_no_files
from apps.verification import code_check, recent, registry
from apps.verification.enums import GOOD, CheckMethod, CheckStatus
from apps.verification.models import Check
from apps.verification.refusals import UploadRefused


def asks_who_it_is(view):
    """A decorator for the view of a page with a `CheckPanel`: secrets and faces are not kept."""
    return keeps_no_files(sensitive_post_parameters("code", "password")(uses_camera(view)))


class CheckPanel:
    """The identity check of the signed-in user for one person, purpose and request.

    `begin` begins a `Check` and returns it; it may raise a `Refused` of the matter. It is called
    when the first way is tried and no check is open.
    """

    FORM = "confirm"

    def __init__(self, request, *, holder, purpose, card_request, begin, at):
        self.request = request
        self.at = at
        self.refusal = None
        self._begin = begin
        self._matter = {
            "holder": holder,
            "by": request.user,
            "purpose": purpose,
            "card_request": card_request,
        }

    @classmethod
    def of(cls, request, check, *, at):
        """The panel for `check`, which is open."""
        matter = {name: getattr(check, name) for name in ("holder", "purpose", "card_request")}
        panel = cls(request, **matter, begin=lambda: check, at=at)
        panel.check = check
        return panel

    # --- What there is

    @cached_property
    def passed(self):
        """A check that was passed and can be used, or None: then nothing is asked."""
        return Check.objects.usable(self.at).filter(**self._matter).first()

    @cached_property
    def check(self):
        """The check that can be passed now; not saved while there is none."""
        pending = Check.objects.in_status(CheckStatus.PENDING, at=self.at)
        return pending.filter(**self._matter).order_by("-pk").first() or Check(**self._matter)

    @cached_property
    def ways(self):
        """The ways that can be gone now, in the order in which they are offered."""
        return [way for way in self._suiting if not way.hindrance(check=self.check, at=self.at)]

    @cached_property
    def hindrances(self):
        """Why the other ways can't be gone, as sentences."""
        found = [way.hindrance(check=self.check, at=self.at) for way in self._suiting if way.phrase]
        return [sentence for sentence in found if sentence]

    @cached_property
    def _suiting(self):
        return registry.suiting(self.check)

    @cached_property
    def choices(self):
        """The ways to choose from."""
        return [way for way in self.ways if way.phrase]

    @cached_property
    def way(self):
        """The way that is shown: the chosen one, else the one that was gone last; None without."""
        lately = [way for way in self.ways if way.was_gone_lately(self.request, at=self.at)]
        if lately:
            return lately[0]
        data = self.request.POST if self.request.method == "POST" else self.request.GET
        asked = data.get("way", "")
        found = {way.slug: way for way in self.choices}
        return found.get(asked) or found.get(self._gone_last) or next(iter(found.values()), None)

    @cached_property
    def _gone_last(self):
        good = Check.objects.filter(by=self.request.user, outcome__in=GOOD).order_by("-pk")
        return (good.values_list("method", flat=True).first() or "").lower()

    @property
    def is_asking(self):
        """Whether something has to be filled in."""
        return bool(not self.passed and self.way and self.way.phrase)

    @property
    def can_confirm(self):
        return bool(self.passed or self.way)

    @cached_property
    def asks_password(self):
        return not recent.password_was_given(self.request, at=self.at)

    @cached_property
    def form(self):
        """The form of the way, bound when the page is confirmed. Its fields belong to `FORM`."""
        is_bound = self.request.method == "POST" and not self.is_sending
        data = (self.request.POST, self.request.FILES) if is_bound else (None, None)
        form = self.way.form(*data)
        if not self.asks_password:
            form.fields.pop("password", None)
        for field in form.fields.values():
            field.widget.attrs["form"] = self.FORM
        return form

    @property
    def about(self):
        return self.way.about(self.check)

    @cached_property
    def more(self):
        """What the template of the way needs besides."""
        return self.way.context(check=self.check, by=self.request.user, at=self.at)

    # --- What is done

    @property
    def is_sending(self):
        """Whether a code is asked for, and nothing confirmed."""
        return self.request.method == "POST" and "send" in self.request.POST

    @property
    def sends_on_arrival(self):
        """Whether the page asks for a code by itself, as soon as it is there."""
        return self._is_by_code and self.request.method != "POST" and not self.more["sent"]

    @property
    def _is_by_code(self):
        return self.is_asking and self.way.name == CheckMethod.CODE

    def page(self, template, context):
        """Send a code where one is asked for, and render `template`; for htmx, this panel only.

        A second request within the time to wait sends nothing and shows the same page. Where no
        code is asked for any more, htmx is told to load the page again.
        """
        if self.is_sending:
            self._send()
        response = page_or_fragment(
            self.request,
            page=template,
            fragment="verification/_panel.html",
            context=context | {"panel": self},
        )
        return (
            whole(self.request, response) if self.is_sending and not self._is_by_code else response
        )

    def _send(self):
        try:
            code_check.send_code(check=self._opened(), by=self.request.user, at=self.at)
        except Refused as refusal:
            if refusal.code != "too_soon":
                self.refusal = refusal
        vars(self).pop("more", None)

    def prove(self):
        """Try to pass the check with what was filled in. True when there is one that can be used.

        Otherwise the panel says why not. Raises the `Refused` of `begin`.
        """
        if self.passed:
            return True
        if self.way is None or not self.form.is_valid():
            return False
        opened = self._opened()
        try:
            self.way.submit(
                check=opened,
                form=self.form,
                by=self.request.user,
                ip=client_ip(self.request),
                at=self.at,
            )
        except Refused as refusal:
            return self._has_passed_meanwhile() or self._refuse(refusal)
        if "password" in self.form.fields:
            recent.note_password(self.request, at=self.at)
        return True

    def _opened(self):
        if self.check.pk is None:
            self.check = self._begin()
        return self.check

    def _has_passed_meanwhile(self):
        """Of the same click twice, the first passes the check, and both may go on."""
        vars(self).pop("passed", None)
        return self.passed is not None

    def _refuse(self, refusal):
        field = "picture" if isinstance(refusal, UploadRefused) else self.way.field
        if field:
            self.form.add_error(field, refusal.message)
        else:
            self.refusal = refusal
        return False
