"""What allauth and Django keep about accounts: second factors, sessions, devices."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Term

_UNTIL_CLOSED = Term("移除之前；离职", "ACCOUNT_CLOSED_AFTER", "注销账户时删除")

KEPT = (
    PersonalData(
        category=Category.ACCOUNT,
        model="mfa.Authenticator",
        fields=("type", "data", "created_at", "last_used_at"),
        title="两步验证",
        labels={
            "type": "种类",
            "data": "密钥",
            "created_at": "添加时间",
            "last_used_at": "上次使用",
        },
        purpose="登录时多一道验证",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=_UNTIL_CLOSED,
        of="user__holder",
        texts={"data": lambda row: "密钥，加密保存，不显示"},
        stays="可以在「两步验证」里移除",
    ),
    PersonalData(
        category=Category.ACCOUNT,
        model="usersessions.UserSession",
        fields=("created_at", "last_seen_at", "ip", "user_agent"),
        title="登录的设备",
        labels={
            "created_at": "登录时间",
            "last_seen_at": "上次打开",
            "ip": "网络地址",
            "user_agent": "浏览器",
        },
        purpose="让您看到在哪里登录着",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("登录", "SESSION_LIFETIME"),
        of="user__holder",
        stays="可以在「登录的设备」里退出，退出就删除",
    ),
    PersonalData(
        category=Category.ACCOUNT,
        model="sessions.Session",
        fields=("session_data", "expire_date"),
        title="登录状态",
        labels={"session_data": "内容", "expire_date": "到期时间"},
        purpose="保持登录",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("登录", "SESSION_LIFETIME"),
        not_shown="登录的钥匙，不显示；看得到的部分在「登录的设备」",
        stays="退出登录就删除",
    ),
)

WITHOUT = {
    "mfa.Authenticator": ("user",),
    "usersessions.UserSession": ("user", "session_key", "data"),
    # Empty: nobody signs in with an address for mail.
    "account.EmailAddress": ("user", "email", "verified", "primary"),
    "account.EmailConfirmation": ("email_address", "created", "sent", "key"),
    "auth.Permission": ("name", "content_type", "codename"),
    "auth.Group": ("name",),
    "contenttypes.ContentType": ("app_label", "model"),
}
