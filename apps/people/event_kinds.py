"""Events about people and accounts that are not moves of a lifecycle.

The facts hold no name and no full number: a phone is masked, of an address only its network is
named, and where nobody has the account that was typed, a keyed digest of it is kept.
"""

from django.db import models

from apps.events.kinds import EventKind, register


class AccountAction(models.TextChoices):
    SIGN_IN = "SIGN_IN", "登录"
    UNLOCK = "UNLOCK", "用两步验证解除了暂停登录"
    SIGN_IN_FAILED = "SIGN_IN_FAILED", "登录失败"
    LOCK_OUT = "LOCK_OUT", "输错次数过多，暂停登录"
    SIGN_OUT = "SIGN_OUT", "退出登录"
    END_SESSION = "END_SESSION", "在另一台设备上退出登录"
    END_ALL_SESSIONS = "END_ALL_SESSIONS", "管理员结束了全部登录"
    SINGLE_SIGN_OUT = "SINGLE_SIGN_OUT", "随统一身份认证退出登录"
    SET_PASSWORD = "SET_PASSWORD", "设置密码"
    CHANGE_PASSWORD = "CHANGE_PASSWORD", "修改密码"
    RESET_PASSWORD = "RESET_PASSWORD", "凭短信验证码重设密码"
    SEND_LINK = "SEND_LINK", "发出重设密码的链接"
    RESET_REFUSED = "RESET_REFUSED", "重设密码的信息对不上"
    CHANGE_NUMBER = "CHANGE_NUMBER", "变更工号"
    ADD_FACTOR = "ADD_FACTOR", "添加两步验证"
    REMOVE_FACTOR = "REMOVE_FACTOR", "移除两步验证"
    RENEW_CODES = "RENEW_CODES", "换发恢复码"
    USE_FACTOR = "USE_FACTOR", "通过两步验证"
    CHOOSE_MESSAGES = "CHOOSE_MESSAGES", "选择消息的接收方式"
    FACTOR_FAILED = "FACTOR_FAILED", "两步验证没有通过"


class ConsentAction(models.TextChoices):
    GIVE = "GIVE", "同意协议"
    WITHDRAW = "WITHDRAW", "撤回同意"


class HolderAction(models.TextChoices):
    ENTER = "ENTER", "登记人员"
    CHANGE = "CHANGE", "变更登记"
    CHANGE_PHONE = "CHANGE_PHONE", "变更手机号"
    LEAVE = "LEAVE", "离职"


ACCOUNT = register(EventKind("account", "账户", AccountAction, is_audit_only=True))
CONSENT = register(EventKind("consent", "同意书", ConsentAction, is_audit_only=True))
HOLDER = register(EventKind("holder", "人员登记", HolderAction, is_audit_only=True))
