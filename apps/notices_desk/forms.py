import re
from datetime import timedelta

from django import forms

from apps.common.messaging import SENDER, fills_templates
from apps.common.moments import day_of, start_of
from apps.desk.fields import LineField
from apps.events.messages import SMS
from apps.notices import notation, table
from apps.notices_desk import book, checks
from apps.notices_desk.services import BEGINS_AFTER
from apps.typed_text.inputs import DayField

MOST = 500
_CODE = re.compile(r"SMS_[0-9]{5,20}")
_FURTHEST = timedelta(days=366)
_NEEDED = "（必须有）"
_WIDE = {"rows": 4, "autocomplete": "off", "spellcheck": "false"}


class WordsField(forms.CharField):
    """The words of a message, one line."""

    def __init__(self, **options):
        super().__init__(
            max_length=MOST,
            widget=forms.Textarea(attrs=_WIDE),
            error_messages={
                "required": "请填写内容。要用程序原文的，点历史版本里的「用回这一版」。",
                "max_length": f"最多 {MOST} 个字，请缩短。",
            },
            **options,
        )


_BY_TEMPLATE = (
    "现在的短信由云平台按报备过的模板发出：填了代码就发这个模板，没填就发统一的一条通知。"
    "先把下面的「报备用的内容」报给云平台，通过以后再填。"
)


def _help(vocabulary):
    """What may stand in the words of a message, for the person who writes them."""
    if not vocabulary.placeholders:
        return "这条消息没有因人而异的内容，写成一段就行。"
    places = "、".join(
        f"{{{name}}}{_NEEDED if place.is_needed else ''}"
        for name, place in vocabulary.placeholders.items()
    )
    if not vocabulary.conditions:
        return f"大括号里的会换成每个人自己的：{places}。"
    conditions = "、".join(
        f"{name}{_NEEDED if condition.is_needed else ''}"
        for name, condition in vocabulary.conditions.items()
    )
    return (
        f"大括号里的会换成每个人自己的：{places}。分情况的话写成 {{如果 情况}}……{{否则}}……{{完}}，"
        f"再多一种情况加 {{或者 情况}}。能用的情况：{conditions}。"
    )


class WordingForm(forms.Form):
    text = WordsField(label="内容")
    sms_text = WordsField(
        label="短信内容（可不填）",
        required=False,
        help_text="短信要短一些、或者不改短信时填；不填就和上面一样。",
    )
    sms_code = forms.CharField(
        label="短信模板代码（可不填）",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="现在的短信通道发全文，用不着；以后换成按模板发短信的云平台，才用得上。",
        error_messages={"max_length": "代码太长，例如 SMS_154950909。"},
    )
    title = forms.CharField(
        label="邮件标题（可不填）",
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=f"选了用电子邮件接收的人看到的标题；不填就是「{SENDER}」。",
        error_messages={"max_length": "标题最多 40 个字。"},
    )
    reason = LineField(
        label="为什么改", asked="请写明为什么修改。", help_text="记在历史版本和记录里，同事能看到。"
    )
    applies_on = DayField(
        label="从哪一天起用（可不填）",
        required=False,
        help_text="不填就在保存一分钟以后起用；填了日期，从那天 00:00 起。",
        error_messages={"invalid": "请填写日期，例如 2027-01-01。"},
    )

    def __init__(self, *args, message, newest, at, **options):
        """`newest` is the last version of `message`, or None; `at` the present moment."""
        super().__init__(*args, **options)
        self.message, self.newest, self.at = message, newest, at
        self.program, self.vocabulary = table.program_words(message)
        self.fields["text"].help_text = _help(self.vocabulary)
        if SMS not in message.channels:
            del self.fields["sms_text"], self.fields["sms_code"]
        elif not book.has_code(message):
            del self.fields["sms_code"]
        elif fills_templates():
            self.fields["sms_code"].label = "短信模板代码（改了短信就要填）"
            self.fields["sms_code"].help_text = _BY_TEMPLATE
        if not book.has_title(message):
            del self.fields["title"]

    @property
    def words(self):
        """The `Words` that were typed, as they are. Of a form that was sent."""
        return self._words(lambda name: self.data.get(self.add_prefix(name), "").strip())

    @property
    def initial_words(self):
        """The `Words` with which the form begins."""
        return self._words(lambda name: self.initial.get(name) or "")

    def _words(self, typed):
        sms_text = typed("sms_text") if "sms_text" in self.fields else ""
        sms_code = typed("sms_code") if "sms_code" in self.fields else ""
        title = typed("title") if "title" in self.fields else ""
        text = typed("text")
        return book.Words(text, "" if sms_text == text else sms_text, sms_code, title)

    def clean_text(self):
        return self._readable("text")

    def clean_sms_text(self):
        return self._readable("sms_text")

    def _readable(self, name):
        words = self.cleaned_data[name]
        if words and (problems := checks.problems(words, self.vocabulary)):
            raise forms.ValidationError(problems)
        return words

    def clean_sms_code(self):
        code = self.cleaned_data["sms_code"].upper()
        if code and not _CODE.fullmatch(code):
            raise forms.ValidationError("代码是 SMS_ 加数字，例如 SMS_154950909。", code="code")
        return code

    def clean_title(self):
        title = self.cleaned_data["title"]
        if problems := checks.problems_of_title(title):
            raise forms.ValidationError(problems)
        return title

    def clean_applies_on(self):
        day = self.cleaned_data["applies_on"]
        if day is not None and day < day_of(self.at):
            raise forms.ValidationError("起用的日期不能在今天以前。", code="past")
        if day is not None and day > day_of(self.at) + _FURTHEST:
            raise forms.ValidationError("日期太远，请填一年以内的。", code="far")
        return day

    def clean(self):
        data = self.cleaned_data
        if SMS in self.message.channels and not {"text", "sms_text"} & self.errors.keys():
            self._check_sms(book.Words(data["text"], data["sms_text"], data.get("sms_code", "")))
        return data

    def _check_sms(self, words):
        parts = notation.parsed(words.by_sms, self.vocabulary)
        if sentence := checks.too_long(parts):
            self.add_error("sms_text" if words.sms_text else "text", sentence)
        if "sms_code" in self.errors or "sms_code" not in self.fields:
            return
        if words.sms_code and notation.for_provider(parts) is None:
            names = "、".join(condition.name for condition in notation.conditions_of(parts))
            self.add_error(
                "sms_code",
                f"云平台的模板不能分情况，短信内容里有「{notation.IF} {names}」。"
                "请把短信内容写成不分情况的一段，报备以后再填代码。",
            )
        elif words.by_sms != self.program and not words.sms_code and fills_templates():
            self.add_error(
                "sms_code",
                "现在的短信由云平台按报备过的模板发出，改了的短信要有自己的模板：请先把下面的"
                "「报备用的内容」报给云平台，通过以后把模板代码填在这里。不改短信的，"
                "请把程序原文填在「短信内容」里。",
            )
        elif words.sms_code and self._says_otherwise(words, parts):
            self.add_error(
                "sms_code", "短信内容改了，模板代码没有换。一个模板只有一种内容，请填新模板的代码。"
            )

    def _says_otherwise(self, words, parts):
        """Whether the last version had the same code for other words."""
        last = book.words_of(self.message, self.newest)
        if last.sms_code != words.sms_code:
            return False
        try:
            before = notation.for_provider(notation.parsed(last.by_sms, self.vocabulary))
        except notation.UnreadableWords:
            return True
        return before != notation.for_provider(parts)

    @property
    def applies_from(self):
        """The moment from which a valid form applies."""
        day = self.cleaned_data["applies_on"]
        soonest = self.at + BEGINS_AFTER
        return soonest if day is None else max(soonest, start_of(day))

    @property
    def cleaned_words(self):
        return self._words(lambda name: self.cleaned_data.get(name, ""))
