"""How a room says what it keeps about people: by category, with source, ground, term, receivers.

Each room lists its own in `personal_data.py`, next to its models: `KEPT`, and `WITHOUT` for the
columns that say nothing about a person. apps.my_data collects them; the page 我的信息, the copy to
download and docs/personal-data.md are drawn from the one table. A test holds every column of every
model to be in exactly one of them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q

from apps.common import money, rules


class Category(Enum):
    """Under which heading people read it."""

    IDENTITY = "身份和联系方式"
    ACCOUNT = "账户和登录"
    FAMILY = "子女和监护"
    CARD = "社保卡"
    APPLICATION = "申请"
    DELIVERY = "收件信息"
    PAYMENT = "缴费和退款"
    LOSS = "挂失"
    CHECK = "身份核验"
    MESSAGE = "消息和往来"
    CONSENT = "同意"
    RECORD = "办理和查看记录"
    WORK = "人事处办理中的记载"


class DataSource(Enum):
    """Who gave it."""

    SELF = "本人或监护人填写"
    ROSTER = "人事处的名册"
    DESK = "人事处办理时写下"
    BUREAU = "制卡中心"
    GATEWAY = "支付平台"
    PORTAL = "系统记下"


class LegalGround(Enum):
    """Why it may be kept (个人信息保护法)."""

    CONSENT = "您的同意（第十三条第一款第一项）"
    SEPARATE_CONSENT = "您的单独同意（第二十三条、第二十九条）"
    EMPLOYMENT = "人力资源管理所必需（第十三条第一款第二项）"
    DUTY = "法定职责和义务所必需（第十三条第一款第三项）"


class Receiver(Enum):
    """Whom it is given to outside of the unit."""

    BUREAU = "制卡中心"
    BANK = "发卡银行"
    CARRIER = "寄递企业"
    GATEWAY = "支付平台"
    SMS = "短信服务商"


@dataclass(frozen=True)
class Term:
    """How long: the time of the setting `rule`, counted from `since`; `then` is what happens.

    Without a rule it stays as long as `since` says.
    """

    since: str
    rule: str = ""
    then: str = "删除"

    def __str__(self):
        if not self.rule:
            return self.since
        return f"{self.since}起 {rules.rule_text(self.rule, gap=' ')}，到期{self.then}"

    def __post_init__(self):
        if self.rule and not hasattr(settings, self.rule):
            raise ValueError(f"no rule is named {self.rule}")


@dataclass(frozen=True, kw_only=True)
class PersonalData:
    """Columns of one model that hold data of people, all with one source and one term.

    `of` is the path from a row to its person, or a function of the person and the reader (an
    account) that returns a condition on the rows; None where no row can be told to be a person's,
    and then `not_shown` says why. `about` is that path where `of` is a function.

    `data` say by column what it is in the table of apps.common.visibility; `texts` say how a row
    reads in a column that is no label, text, day or moment. `title` and `labels` are for models
    whose names are not ours, or that have several entries. What the account behind the key
    `written_by` wrote into the columns `contact` is shown to that account alone: it may be another
    guardian's phone. `stays` says why it cannot be erased on request; empty: it can.
    """

    category: Category
    model: str
    fields: tuple[str, ...]
    purpose: str
    source: DataSource
    ground: LegalGround
    term: Term
    receivers: tuple[Receiver, ...] = ()
    of: str | Callable[[Any, Any], Q] | None = None
    about: str = ""
    not_shown: str = ""
    data: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Callable[[Any], str]] = field(default_factory=dict)
    title: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    written_by: str = ""
    contact: tuple[str, ...] = ()
    stays: str = ""

    def __post_init__(self):
        if (self.of is None) != bool(self.not_shown):
            raise ValueError(f"{self.model}: either its rows are shown, or it is said why not")

    @property
    def heading(self):
        """What people read above it."""
        return self.title or str(self.table._meta.verbose_name)

    def label(self, name):
        """The label of the column `name`; of an amount, which is shown in yuan, with that unit."""
        label = self.labels.get(name) or str(self.table._meta.get_field(name).verbose_name)
        return money.label_in_yuan(label) if money.is_in_fen(name) else label

    @property
    def table(self):
        """The model."""
        return apps.get_model(self.model)

    @property
    def path(self):
        """The path from a row to its person; "" where there is none."""
        return self.about or (self.of if isinstance(self.of, str) else "")

    def rows_about(self, holders):
        """All rows about the people with the keys `holders`; None where no row tells whose."""
        if not self.path:
            return None
        return self.table._default_manager.filter(**{f"{self.path}__in": holders})

    def rows(self, holder, *, reader):
        """What is kept about `holder` that the account `reader` may read, the newest first."""
        if self.of is None:
            return self.table._default_manager.none()
        found = Q(**{self.of: holder.pk}) if isinstance(self.of, str) else self.of(holder, reader)
        return self.table._default_manager.filter(found).order_by("-pk")
