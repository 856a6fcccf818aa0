"""收件信息 as it is filled in."""

import re

from django import forms
from django.core.exceptions import ValidationError

from apps.common import writable
from apps.delivery import addresses
from apps.delivery.enums import FREE_TIERS, DeliveryMethod
from apps.delivery.models import Shipment
from apps.delivery.policies import is_settled, methods_for
from apps.regions.forms import AddressRegionMixin
from apps.requests.inputs import PhoneField, half_width
from apps.typed_text import names
from apps.typed_text.plain_text import compact
from apps.unsent.merging import Unit

OF_PLACE = ("province", "city", "county", "address", "postcode")
OF_MAIL = ("recipient", "phone", *OF_PLACE)
OF_PICKUP = ("branch",)
# Method → the fields that belong to it.
FIELDS_OF = {
    DeliveryMethod.MAIL: OF_MAIL,
    DeliveryMethod.PICKUP: OF_PICKUP,
    DeliveryMethod.UNIT: (),
}
ADDRESS_LENGTH = (4, 200)
BRANCH_LENGTH = (4, 50)


class ShipmentForm(AddressRegionMixin):
    """Where the card goes.

    The page has the fields of every method; only those of the chosen one are validated. The
    initial values come from `card_request` as it is at the moment `at`.
    """

    method = forms.ChoiceField(
        label="怎么领卡",
        choices=DeliveryMethod,
        widget=forms.RadioSelect,
        error_messages={
            "required": "请选择怎么领卡。",
            "invalid_choice": "请在列出的领卡方式中选择一种。",
        },
    )
    recipient = forms.CharField(
        label="收件人",
        max_length=200,
        help_text="请填写收件人真实姓名，签收时要核对证件",
        error_messages={"required": "请填写收件人姓名。"},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = PhoneField(
        label="手机号",
        help_text="快递员会拨打这个号码",
        error_messages={"required": "请填写收件人的手机号。"},
    )
    address = forms.CharField(
        label="详细地址",
        max_length=1000,
        help_text="街道、小区、楼号和门牌号，例如：共青团西路88号2号楼301室",
        error_messages={"required": "请填写详细地址，写到门牌号。"},
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    postcode = forms.CharField(
        label="邮政编码",
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "postal-code"}),
    )
    branch = forms.CharField(
        label="领卡网点",
        max_length=200,
        error_messages={"required": "请填写领卡的银行网点名称。"},
    )
    field_order = ("method", *OF_MAIL, *OF_PICKUP)
    # What is required depends on the method, which the browser cannot know.
    use_required_attribute = False

    def __init__(self, *args, card_request, at, **kwargs):
        kwargs["initial"] = initial_for(card_request, at=at) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        methods = methods_for(card_request, at=at)
        self.fields["method"].choices = [(one, one.label) for one in methods]
        self.fields["branch"].help_text = f"{card_request.bank.name}在当地的网点，例如：张店支行"
        if self.is_bound:
            for name in _others(self.data.get("method")):
                self.fields[name].required = False

    def units(self):
        """The parts of an address belong together; the rest is saved one by one."""
        address = ("province", "city", "county", "address", "postcode")
        return [
            Unit("method", "领卡方式", ("method",)),
            Unit("recipient", "收件人", ("recipient",)),
            Unit("phone", "手机号", ("phone",)),
            Unit("address", "收件地址", address),
            Unit("branch", "领卡网点", ("branch",)),
        ]

    def where(self):
        """The arguments of `services.save_shipment`, once the form is valid."""
        return self.cleaned_data

    def own_columns(self):
        """Column → value, of what the page asks beside the address; here nothing."""
        return {}

    def clean_recipient(self):
        name = names.normalise(self.cleaned_data["recipient"])
        if self._is_mail():
            names.check(name)
        return name

    def clean_address(self):
        text = re.sub(r"\s+", " ", half_width(self.cleaned_data["address"]))
        if self._is_mail():
            _check_length("详细地址", text, ADDRESS_LENGTH, "请写到门牌号")
        return text

    def clean_postcode(self):
        text = compact(self.cleaned_data["postcode"])
        if text and self._is_mail() and not re.fullmatch(r"[0-9]{6}", text):
            raise ValidationError("邮政编码应为 6 位数字，不清楚可以不填。", code="postcode")
        return text

    def clean_branch(self):
        text = re.sub(r"\s+", " ", half_width(self.cleaned_data["branch"]))
        if text and self.cleaned_data.get("method") == DeliveryMethod.PICKUP:
            _check_length("网点名称", text, BRANCH_LENGTH, "请写网点的全称")
        return text

    def clean(self):
        cleaned_data = super().clean()
        for name in _others(cleaned_data.get("method")):
            self.errors.pop(name, None)
            cleaned_data.pop(name, None)
        self._compare_with_region(cleaned_data)
        cleaned_data.pop("province", None)
        return cleaned_data

    def _compare_with_region(self, data):
        """Ask where the text of the address begins with another place than was chosen."""
        text, city = data.get("address"), data.get("city")
        if not (text and city):
            return
        named = addresses.elsewhere(text, city=city, county=data.get("county"))
        if named:
            self.add_error(
                "address",
                f"详细地址写的是{named}，上面选的却是{city}。请改成同一个地方，邮费也按它算。",
            )

    def _is_mail(self):
        return self.cleaned_data.get("method") not in FREE_TIERS


def _others(method):
    """The fields that `method` does not need; an unknown one counts as mail."""
    own = FIELDS_OF.get(method, OF_MAIL)
    return [name for name in (*OF_MAIL, *OF_PICKUP) if name not in own]


def _check_length(label, text, length, advice):
    writable.check(text, label)
    least, most = length
    if len(text) < least:
        raise ValidationError(f"{label}太短，至少 {least} 个字，{advice}。", code="short")
    if len(text) > most:
        raise ValidationError(
            f"{label}最多 {most} 个字，您填了 {len(text)} 个，请删减。", code="long"
        )


def initial_for(card_request, *, at):
    """What is known: the stored shipment, that of last time, else the person (for a child, the
    guardian).

    Of what a guardian said before the person turned 16, only what is paid for stays: the place.
    """
    shipment = Shipment.objects.filter(card_request=card_request).first()
    known = _of_person(card_request, at=at)
    if shipment is None:
        return known | _of_last_time(card_request, at=at)
    if shipment.is_by_unit:
        return known | {"method": DeliveryMethod.UNIT}
    if shipment.is_pickup:
        return known | {"method": DeliveryMethod.PICKUP, "branch": shipment.branch}
    kept: tuple[str, ...] = OF_MAIL
    is_own = shipment.saved_by_id == card_request.holder.user_id
    if card_request.is_handed_over(at) and not is_own:
        kept = OF_PLACE if is_settled(card_request) else ()
    return known | {name: getattr(shipment, name) for name in kept}


def _of_last_time(card_request, *, at):
    """Where the person, or for a child the guardian, let the last card be sent to."""
    particulars, holder = card_request.particulars, card_request.holder
    is_own = particulars.guardian is None or card_request.is_handed_over(at)
    writer = holder if is_own else particulars.guardian
    if writer.user_id is None:
        return {}
    last = (
        Shipment.objects.filter(
            card_request__holder=holder,
            method=DeliveryMethod.MAIL,
            saved_by=writer.user_id,
            forgotten_at=None,
        )
        .exclude(card_request=card_request)
        .order_by("-saved_at")
        .first()
    )
    return {name: getattr(last, name) for name in OF_MAIL} if last else {}


def _of_person(card_request, *, at):
    particulars, holder = card_request.particulars, card_request.holder
    if card_request.is_handed_over(at):
        recipient, phone, lives_at = holder, holder.phone, holder.address
    else:
        recipient = particulars.guardian or holder
        phone, lives_at = particulars.phone, particulars.address
    province, city, county, rest = addresses.split(lives_at)
    return {
        "method": DeliveryMethod.MAIL,
        "recipient": recipient.name,
        "phone": phone,
        "province": province,
        "city": city,
        "county": county,
        "address": rest,
    }


def known_address(form):
    """Recipient, phone and address of an unbound `form` in words; None while something is missing.

    With it the page needs no fields in view.
    """
    if form.is_bound:
        return None
    values = {name: form[name].value() for name in (*OF_MAIL, "method")}
    if not all(values[name] for name in ("recipient", "phone", "city", "county", "address")):
        return None
    places = [_name_of(form, name, values[name]) for name in ("city", "county")]
    return {
        "recipient": values["recipient"],
        "phone": values["phone"],
        "place": "".join(places) + values["address"],
    }


def _name_of(form, name, value):
    """The name of the city, with its province, or of the county that is chosen."""
    place = form.fields[name].queryset.filter(pk=getattr(value, "pk", value)).first()
    if place is None:
        return ""
    return place.full_name if name == "city" else place.name
