"""The forms of a single decision, for many cases: each row carries the moment it was seen."""

from django import forms

from apps.bulk.enums import BulkAction
from apps.requests import registry
from apps.review.forms import AmendmentForm, RejectForm
from apps.unsent.typed_again import typed_in


class ChoiceForm(forms.Form):
    """What is to be done, and which rows of the list are left out."""

    action = forms.ChoiceField(
        label="怎样办理",
        choices=BulkAction.choices,
        initial=BulkAction.APPROVE,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样办理。", "invalid_choice": "请选择怎样办理。"},
    )
    leave_out = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        typed = typed_in(self)
        get_all = getattr(typed.data if typed else self.data, "getlist", None)
        self.left_out = set(get_all("leave_out")) if get_all else set()


class AmendManyForm(AmendmentForm):
    """Offers every field. The dry run names the cases whose form does not have it."""

    def __init__(self, *args, at, **options):
        super().__init__(*args, card_request=None, at=at, **options)
        del self.fields["status_since"]

    def offered(self):
        return list(registry.amendable())


class RejectManyForm(RejectForm):
    def __init__(self, *args, at, **options):
        super().__init__(*args, card_request=None, at=at, **options)
        del self.fields["status_since"]
