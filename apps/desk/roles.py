"""The roles of the admin and their permissions. Every migration updates the groups from this table.

A view asks for a permission and never for a role. A superuser has all permissions and is meant for
emergencies only.
"""

DECIDE = "cards.review_cardrequest"
READ = "cards.read_cases"
SECOND_REVIEW = "desk.second_review"
MANAGE_PHRASES = "desk.manage_phrases"
MANAGE_RULES = "desk.manage_rules"
MANAGE_ROSTER = "desk.manage_roster"
OPERATE_BUREAU = "desk.operate_bureau"
EXPORT_FULL = "desk.export_full"
READ_BOOK = "events.view_event"
READ_ROSTER = "roster.view_rosterupload"
MANAGE_ACCOUNTS = "people.change_user"

# Held by the model of the claims.
PERMISSIONS: tuple[tuple[str, str], ...] = (
    ("second_review", "可以复核"),
    ("manage_phrases", "可以修改常用语"),
    ("manage_rules", "可以修改地区与规则"),
    ("manage_roster", "可以维护人事名册"),
    ("operate_bureau", "可以处理制卡批次"),
    ("export_full", "可以导出完整号码"),
)

REVIEWER = "审核人"
SUPERVISOR = "审核主管"
AUDITOR = "审计员"
ADMINISTRATOR = "系统管理员"

_REVIEWER = {DECIDE, READ}
# The admin shows its pages only to groups that may view the models.
ROLES = {
    REVIEWER: _REVIEWER,
    SUPERVISOR: _REVIEWER
    | {SECOND_REVIEW, MANAGE_PHRASES, MANAGE_RULES, MANAGE_ROSTER, OPERATE_BUREAU, EXPORT_FULL}
    | {READ_ROSTER, "people.view_holder", "people.change_holder"},
    AUDITOR: {READ, "auth.view_group"},
    ADMINISTRATOR: {"people.view_user", "people.add_user", MANAGE_ACCOUNTS},
}
# Reads every table that the admin shows, and changes none.
READS_ALL = {AUDITOR}
