"""The roles of the admin and their permissions. Every migration updates the groups from this table.

A view asks for a permission and never for a role. A superuser has all permissions and is meant for
emergencies only.
"""

DECIDE = "cards.review_cardrequest"
READ = "cards.read_cases"
SECOND_REVIEW = "desk.second_review"
MANAGE_PHRASES = "desk.manage_phrases"
MANAGE_WORDINGS = "desk.manage_wordings"
MANAGE_RULES = "desk.manage_rules"
MANAGE_ROSTER = "desk.manage_roster"
OPERATE_BUREAU = "desk.operate_bureau"
HAND_OUT = "desk.hand_out"
EXPORT_FULL = "desk.export_full"
OPERATE_PORTAL = "desk.operate_portal"
READ_MONEY = "desk.read_money"
SETTLE_MONEY = "desk.settle_money"
READ_BOOK = "events.view_event"
READ_CORRECTIONS = "my_data.view_correction"
TRACE_LOOKS = "desk.trace_looks"
READ_ROSTER = "roster.view_rosterupload"
LEAD_TEAM = "desk.lead_team"
SHARE_LISTS = "desk.share_lists"
MANAGE_ACCOUNTS = "people.change_user"

# Held by the model of the claims.
PERMISSIONS: tuple[tuple[str, str], ...] = (
    ("second_review", "可以复核"),
    ("lead_team", "可以看团队办理情况"),
    ("share_lists", "可以把列表给全组用"),
    ("manage_phrases", "可以修改常用语"),
    ("manage_wordings", "可以修改消息用语"),
    ("manage_rules", "可以修改地区与规则"),
    ("manage_roster", "可以维护人事名册"),
    ("operate_bureau", "可以处理制卡批次"),
    ("hand_out", "可以点卡、交卡、安排领卡"),
    ("export_full", "可以导出完整号码"),
    ("operate_portal", "可以查看运行状况、重试没有办成的事"),
    ("read_money", "可以查看款项和账单"),
    ("settle_money", "可以核对款项、收下账单、结账"),
    ("trace_looks", "可以追查谁的信息被看过、导出未成年人信息台账"),
)

REVIEWER = "审核人"
SUPERVISOR = "审核主管"
AUDITOR = "审计员"
ADMINISTRATOR = "系统管理员"
OPERATOR = "运维员"
FINANCE = "财务"
HANDER = "发卡员"

_REVIEWER = {DECIDE, READ, READ_MONEY, SETTLE_MONEY}
# The admin shows its pages only to groups that may view the models.
ROLES = {
    REVIEWER: _REVIEWER,
    SUPERVISOR: _REVIEWER
    | {
        SECOND_REVIEW,
        LEAD_TEAM,
        SHARE_LISTS,
        MANAGE_PHRASES,
        MANAGE_WORDINGS,
        MANAGE_RULES,
        MANAGE_ROSTER,
        OPERATE_BUREAU,
        EXPORT_FULL,
        HAND_OUT,
    }
    | {READ_ROSTER, READ_CORRECTIONS, TRACE_LOOKS, "people.view_holder", "people.change_holder"},
    AUDITOR: {READ, READ_MONEY, LEAD_TEAM, TRACE_LOOKS, "auth.view_group"},
    ADMINISTRATOR: {"people.view_user", "people.add_user", MANAGE_ACCOUNTS},
    OPERATOR: {OPERATE_PORTAL},
    # Money and no cases: order numbers and amounts, no names, no documents.
    FINANCE: {READ_MONEY, SETTLE_MONEY},
    # Cards of the unit and the photos to know people by; no cases.
    HANDER: {HAND_OUT},
}
# Reads every table that the admin shows, and changes none.
READS_ALL = {AUDITOR}
