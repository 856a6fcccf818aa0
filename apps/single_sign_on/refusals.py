from apps.common.refusals import Refused


class SignInRefused(Refused):
    """Nobody is signed in. `code` is one of the keys of `TITLES`."""


TITLES = {
    "unknown": "名册里没有您",
    "left": "您的账户已停用",
    "ambiguous": "对不上是哪一位",
    "no_number": "没有收到您的工号",
    "too_old": "这次登录隔得太久了",
    "stopped": "没有完成登录",
    "not_accepted": "统一身份认证没有认可这次登录",
    "no_answer": "统一身份认证没有回应",
}


def no_answer():
    return SignInRefused(
        "学校的统一身份认证现在没有正常回应，请过几分钟再试。一直这样的话，请联系信息化部门。",
        code="no_answer",
    )


def not_accepted():
    return SignInRefused("请重新登录一次。一直这样的话，请联系信息化部门。", code="not_accepted")


def too_old():
    return SignInRefused("从点登录到回来隔得太久，或者换了浏览器。请重新登录一次。", code="too_old")
