"""The accounts of the demo town, as the start prints them and the sign-in page shows them."""

from dataclasses import dataclass

from apps.common.rules import rule_text

# One password for everybody in a town of people who do not exist; never used outside of a demo.
PASSWORD = "demo-2026-card"  # noqa: S105


@dataclass(frozen=True)
class Account:
    """An account to try, and what there is to see with it."""

    employee_number: str
    name: str
    story: str


STAFF = (
    Account("D1001", "张超", "还没有社保卡，从头申领"),
    Account("D1002", "李敏", "申请填到一半"),
    Account("D1003", "王芳", "已提交，待填收件信息并缴费"),
    Account("D1005", "孙丽", "已缴费，人事处审核中"),
    Account("D1006", "周涛", "待修改信息"),
    Account("D1008", "郑凯", "审核通过，制卡中"),
    Account("D1010", "陈晨", "卡已发出，待确认领卡"),
    Account("D1011", "褚云", "已领卡，待启用"),
    Account("D1012", "卫东", "社保卡正常使用，挂失过又解除"),
    Account("D1013", "蒋琳", "社保卡临时挂失中"),
    Account("D1017", "朱琪", "已登记正式挂失，待审核老师确认"),
    Account("D1021", "唐宁", "已正式挂失，可以申请补换"),
    Account("D1022", "邓洁", "补换的新卡制作中"),
    Account("D1023", "曹军", "补换完成，旧卡已注销"),
    Account("D1024", "范文", "审核不通过，退款没退成，人事处处理中"),
    Account("D1025", "彭立", "审核中自行取回修改"),
    Account("D1026", "韩雪", "单位统一领取：卡已到单位，出示领卡码领卡"),
    Account("D1027", "石磊", "单位统一领取：卡已寄往单位，箱里还没有点到"),
    Account("D1020", "何平", f"母亲：登记了五个孩子，一个将满{rule_text('GUARDIAN_UNTIL_AGE')}"),
    Account("D1018", "许静", "省内已有社保卡，不能再申领"),
)
REVIEWERS = (
    Account("S2001", "林岚", "审核人，人事处"),
    Account("S2002", "高远", "审核人，人事处"),
)
SUPERVISORS = (Account("S3001", "罗安", "审核主管：复核、常用语、名册、地区与规则、制卡批次"),)
AUDITORS = (Account("S4001", "梁正", "审计员：什么都能看，什么都不能改"),)
OPERATORS = (Account("S5001", "运维员", "运行状况、没有发出的消息"),)
HANDERS = (Account("S7001", "谢达", "发卡员：点卡箱、安排领卡、扫码交卡"),)
FINANCE = (Account("S6001", "宋宁", "财务：款项、日账单和月结，看不到申请"),)
ADMINISTRATOR = Account("S1000", "系统管理员", "管理账户，看不到申请")
# Whom the stand-in for the university's single sign-on knows and the roster does not.
NOBODY = Account("X0001", "不在名册里的人", "统一身份认证认得，社保卡的名册里没有")
EVERYBODY = (
    *STAFF,
    *REVIEWERS,
    *SUPERVISORS,
    *AUDITORS,
    *OPERATORS,
    *FINANCE,
    *HANDERS,
    ADMINISTRATOR,
)
