"""The portal's own rules: times, limits and periods, each with its unit and its source.

`settings` takes in every name of this file, so code reads `settings.COLLECT_AFTER`. What a city
charges and promises is no rule of the portal: it is a dated `CityRule`.

A time is a `timedelta`. A number carries its unit at the end of its name. Where no source is named,
the rule is a decision of this project. What a unit may change is read from the environment
(docs/deployment.md lists the variables).
"""

from datetime import timedelta

from django.core.exceptions import ImproperlyConfigured

from sbk_portal.environment import DEMO, env

# --- Who runs the portal ------------------------------------------------------------------------

# Who answers for the data, as the agreements name them, and how to reach them.
PORTAL_OPERATOR = {
    "name": env.str("PORTAL_OPERATOR_NAME", default="学校人事处"),
    "contact": env.str("PORTAL_OPERATOR_CONTACT", default="人事处社会保障卡服务窗口"),
}
# The city (six digits) and the bank (its code) that are proposed to somebody who applies for the
# first time. Empty: nothing is proposed.
INSTITUTION_CITY: str = env.str("INSTITUTION_CITY", default="370100" if DEMO else "")
INSTITUTION_BANK: str = env.str("INSTITUTION_BANK", default="95533" if DEMO else "")

# --- Ages ---------------------------------------------------------------------------------------

# From this age on a person applies alone and no guardian acts for them (operation manual, 申领).
GUARDIAN_UNTIL_AGE = 16
# From this age on somebody may act for a child: an adult (民法典第十七条).
GUARDIAN_FROM_AGE = 18
# A father or mother is older than the child by so many years at least. Ours, to catch the number of
# a brother or sister, or a slip of the pen: no law names a figure.
PARENT_OLDER_BY_YEARS = 12
# Below, a parent consents to rules of their own (个人信息保护法第三十一条).
CHILD_UNTIL_AGE = 14
# Who may replace a card online (operation manual, 补换).
REPLACEMENT_FROM_AGE = 18
# Who needs a portrait: below, the card bears none.
PORTRAIT_FROM_AGE = 7
# Who must have an identity card, and so its period of validity (居民身份证法第二条); from which age
# on it can be valid without end (第五条).
ID_CARD_FROM_AGE = 16
ID_CARD_FOR_GOOD_FROM_AGE = 46
# Who may work, and so has an occupation (劳动法第十五条).
EMPLOYMENT_FROM_AGE = 16

# --- What is filled in --------------------------------------------------------------------------

# The place where somebody lives, as one line: shorter names no house, longer fits on no form.
HOME_ADDRESS_MIN_CHARACTERS = 5
HOME_ADDRESS_MAX_CHARACTERS = 100

# --- Messages -----------------------------------------------------------------------------------

# In how many parts an SMS may be sent at most; each part is paid for.
SMS_MAX_PARTS = 4

# --- A request on its way -----------------------------------------------------------------------

# What people are told a refund takes at most, from the day it was begun.
REFUND_WORKING_DAYS: int = env.int("REFUND_WORKING_DAYS", default=7)
# A submitted request that nobody paid for lapses at the end of the day this many days later.
UNPAID_LAPSE = timedelta(days=env.int("UNPAID_LAPSE_DAYS", default=7))
# How long an order can be paid.
PAYMENT_VALID = timedelta(hours=env.int("PAYMENT_VALID_HOURS", default=24))
# How long after the end of its request the gateway is asked about a paid order: whether it has sent
# the money back by itself.
PAID_ORDER_WATCHED = timedelta(days=30)
# What reviewers have for a decision, and applicants for an amendment.
REVIEW_WORKING_DAYS: int = env.int("REVIEW_WORKING_DAYS", default=3)
AMENDMENT_WORKING_DAYS: int = env.int("AMENDMENT_WORKING_DAYS", default=5)
# Notifications that are no gateway's: so many of a kind are stored in an hour, the rest counted.
STRAY_NOTIFICATIONS_PER_HOUR = 30
# When a promised day has passed, people are told from this hour on, and the new day that is named
# then is so many working days away.
LATE_NOTICE_HOUR = 9
LATE_WORKING_DAYS: int = env.int("LATE_WORKING_DAYS", default=3)
# How many lists of requests one person keeps under a name, and how many the team.
SAVED_LISTS_AT_MOST = 12
# How long a reviewer holds a case without a sign of life before others may claim it.
REVIEW_CLAIM_LIFETIME = timedelta(minutes=env.int("REVIEW_CLAIM_MINUTES", default=30))
# How long a decision on a request can be recalled; 0 for not at all. Until then it does not leave
# for the card bureau, the applicant is not told, and no refund begins. A demonstration shows it and
# does not keep people waiting.
DECISION_UNDO_WINDOW = (
    timedelta(seconds=20)
    if DEMO
    else timedelta(minutes=env.int("DECISION_UNDO_MINUTES", default=10))
)
# A reviewer may put a case away until a day (稍后办), at most so far ahead.
POSTPONE_AT_MOST = timedelta(days=30)
# Whether a risky request (apps/risks/rules.py) needs a second reviewer for its approval.
REVIEW_SECOND_REVIEW: bool = env.bool("REVIEW_SECOND_REVIEW", default=False)
# How long the simulated card bureau takes for each stage.
SIMULATED_BUREAU_PRODUCTION = timedelta(seconds=25) if DEMO else timedelta(days=4)
SIMULATED_BUREAU_DISPATCH = timedelta(seconds=20) if DEMO else timedelta(days=3)
# A card that was sent counts as received after this time when nobody says otherwise.
COLLECT_AFTER = timedelta(days=env.int("COLLECT_AFTER_DAYS", default=15))
# How long the unit keeps a card that nobody came for, before it goes back to the bureau.
UNIT_KEEPS = timedelta(days=env.int("UNIT_KEEPS_DAYS", default=60))
# People whose card waits at the unit are reminded this long before their day, then in these steps.
HAND_OUT_NOTICE = timedelta(days=1)
HAND_OUT_REMINDER = timedelta(days=7)
# The desk reminds nobody who was told within this time.
HAND_OUT_REMINDER_GAP = timedelta(days=3)
# How long the code that people show at the table can be read after it was drawn.
HAND_OUT_CODE_LIFETIME = timedelta(minutes=2)
# How long a card that was given to the wrong person can be taken back at the table.
HAND_OUT_UNDO_WINDOW = timedelta(minutes=5)
# How long the stages really take is read from what was finished in this time, and said on the pages
# where at least so many requests of a city (or of a city's bank) went through the stage.
STAGE_DURATION_WINDOW = timedelta(days=env.int("STAGE_DURATION_WINDOW_DAYS", default=180))
STAGE_DURATION_MIN_SAMPLE: int = env.int("STAGE_DURATION_MIN_SAMPLE", default=20)

# --- Children and their guardians ---------------------------------------------------------------

# Children that one guardian may register, and pictures that prove a registration, at most.
GUARDIAN_MAX_WARDS: int = env.int("GUARDIAN_MAX_WARDS", default=8)
PROOF_MAX_PICTURES = 6
# The pictures open for this time after a look at them was recorded.
PROOF_LOOK_LIFETIME = timedelta(minutes=30)
# How long before it ends the guardian is told of it.
GUARDIAN_END_NOTICE = timedelta(days=60)

# How long a change of who somebody is (人员更正) waits for the second person, whole days.
PERSON_CHANGE_LIFETIME = timedelta(days=env.int("PERSON_CHANGE_DAYS", default=14))

# --- The staff roster, invitations --------------------------------------------------------------

# A roster that is uploaded: bytes, bytes once an xlsx file is unpacked, rows. Up to so many rows it
# is read and applied while one waits, bigger ones in the background.
ROSTER_MAX_BYTES: int = env.int("ROSTER_MAX_BYTES", default=8 * 1024 * 1024)
ROSTER_MAX_UNPACKED_BYTES = 80 * 1024 * 1024
ROSTER_MAX_ROWS: int = env.int("ROSTER_MAX_ROWS", default=20_000)
ROSTER_ROWS_AT_ONCE = 50
# A roster that would take the sign-in from a bigger share of the staff has to be confirmed twice.
ROSTER_LEAVING_PERCENT: int = env.int("ROSTER_LEAVING_PERCENT", default=20)
# The link of an invitation: how long it is good, how many wrong answers end it, and how long after
# one was sent another can be.
INVITATION_LIFETIME = timedelta(days=env.int("INVITATION_DAYS", default=7))
INVITATION_TRIES = 5
INVITATION_WAIT = timedelta(minutes=1)

# --- Reminders ----------------------------------------------------------------------------------

# Nobody is reminded again, and nobody is reminded by hand who was told anything about their card,
# within this time.
REMINDER_GAP = timedelta(days=env.int("REMINDER_GAP_DAYS", default=3))
# When people are reminded without anybody asking (apps/onboarding/rules.py): so long after the
# invitation was sent, the draft was begun, the request was submitted, the card was sent, and it was
# received; and so long before the last day for an amendment.
REMIND_INVITATION_AFTER = timedelta(days=env.int("REMIND_INVITATION_DAYS", default=5))
REMIND_DRAFT_AFTER = timedelta(days=env.int("REMIND_DRAFT_DAYS", default=7))
REMIND_UNPAID_AFTER = timedelta(days=env.int("REMIND_UNPAID_DAYS", default=3))
REMIND_SENT_AFTER = timedelta(days=env.int("REMIND_SENT_DAYS", default=7))
REMIND_SEALED_AFTER = timedelta(days=env.int("REMIND_SEALED_DAYS", default=7))
REMIND_AMENDMENT_BEFORE = timedelta(days=1)
# What is due for longer than this is not reminded of any more: a first day of this rule, or a
# worker that was down for weeks, must not wake up old matters.
REMINDER_REACH = timedelta(days=14)
# Who was reminded with whom, and who was left out, is listed for so long; the events stay.
REMINDER_RUN_RETENTION = timedelta(days=90)

# --- The mail of the morning ----------------------------------------------------------------------

# From this hour of a working day on, reviewers get a mail with what is overdue and due today.
DIGEST_HOUR: int = env.int("DIGEST_HOUR", default=8)
if DIGEST_HOUR > 23:
    raise ImproperlyConfigured("DIGEST_HOUR must be from 0 to 23（要是 0 到 23 点）")
# How long it is known who got one.
DIGEST_RETENTION = timedelta(days=90)

# --- The holidays of a year ---------------------------------------------------------------------

# A table that is uploaded.
HOLIDAY_MAX_BYTES = 1024 * 1024

# --- Sign-in ------------------------------------------------------------------------------------

# A session ends so long after signing in, however much it is used.
SESSION_LIFETIME = timedelta(hours=env.int("SESSION_HOURS", default=12))
# After so long without a page, and without a page of the desk, its session ends.
PORTAL_IDLE = timedelta(minutes=env.int("PORTAL_IDLE_MINUTES", default=120))
DESK_IDLE = timedelta(minutes=env.int("DESK_IDLE_MINUTES", default=30))
# How long what somebody posted after the end of the session waits for them to sign in again.
UNSENT_FORM_LIFETIME = timedelta(minutes=30)
PASSWORD_MIN_LENGTH = 10
# One of digits only is found as quickly as one of ten letters and digits when it is so long.
PASSWORD_DIGITS_MIN_LENGTH = 16
# A whole campus stands behind one address, so the limits per address are wide. After so many wrong
# passwords an account waits.
SIGN_INS_PER_MINUTE = 120
FAILED_SIGN_INS_PER_MINUTE = 60
# Sign-outs that the university's server reports; each costs a call to it.
SIGN_OUTS_PER_MINUTE = 600
PASSWORD_TRIES = 5
PASSWORD_WAIT = timedelta(minutes=5)
# How often somebody may say who they are to reset a password: for one account, from one address.
PASSWORD_RESETS_PER_HOUR = 5
ADDRESS_RESETS_PER_HOUR = 60
# How long the link is good with which an administrator lets somebody set a new password.
RESET_LINK_LIFETIME = timedelta(hours=env.int("RESET_LINK_HOURS", default=24))
# How long after the first sign-in the desk is open to an account without a second factor.
SECOND_FACTOR_GRACE = timedelta(hours=env.int("SECOND_FACTOR_GRACE_HOURS", default=24))

# --- Seals on the book of events -----------------------------------------------------------------

# A transaction that writes events ends within this time (a task is ended after five minutes). What
# turns up later below sealed events was slipped in.
SEAL_LATE_WITHIN = timedelta(hours=1)
# How often the newest head goes out by e-mail.
SEAL_MAIL_EVERY = timedelta(days=1)
# Open pages that prove a receipt: so many in a minute from one address.
PROOFS_PER_MINUTE = 60

# --- Bulk decisions and exports of the desk -----------------------------------------------------

# A dry run can be started for this time, and is kept for so long (below) when nobody started it.
BULK_PREVIEW_LIFETIME = timedelta(hours=1)

# How long a file can be fetched, how many rows it may have, how many files one person may have
# under way, and order within an hour.
EXPORT_LIFETIME = timedelta(hours=env.int("EXPORT_LIFETIME_HOURS", default=24))
EXPORT_MAX_ROWS: int = env.int("EXPORT_MAX_ROWS", default=100_000)
EXPORTS_IN_FLIGHT: int = env.int("EXPORTS_IN_FLIGHT", default=2)
EXPORTS_PER_HOUR: int = env.int("EXPORTS_PER_HOUR", default=20)
# From which hour on the daily 采集表 is ordered.
SHEET_FROM_HOUR = 6

# --- How long personal data is kept -------------------------------------------------------------

# Hourly tasks see to it. The agreements and docs/security.md promise the same times, so only one of
# them can be changed from outside. What the agreements count in days ends with 24:00 of the last.
# From the end of the request: the pictures; everything else that was filled in, and the address.
PORTRAIT_RETENTION = timedelta(days=90)
DATA_RETENTION = timedelta(days=2 * 365)
# How long it is remembered, as a keyed digest, that a picture was handed in for somebody.
PICTURE_MARK_RETENTION = timedelta(days=2 * 365)
# From the import: a portrait that the unit offers. Older ones are too old for a card
# (PORTRAIT_TAKEN_WITHIN_MONTHS).
OFFERED_PORTRAIT_RETENTION = timedelta(days=180)
# From the decision on a guardianship: the pictures that prove it.
PROOF_RETENTION = timedelta(days=env.int("PROOF_RETENTION_DAYS", default=90))
# From the last saving: what a draft holds. From the sending or the trying: codes, comparisons of
# faces. From the arrival: notifications about no order of ours. Messages of the local senders.
DRAFT_RETENTION = timedelta(days=180)
CODE_RETENTION = timedelta(days=1)
FACE_TRY_RETENTION = timedelta(days=30)
REFUSED_NOTIFICATION_RETENTION = timedelta(days=90)
OUTBOX_RETENTION = timedelta(days=7)
BULK_PREVIEW_RETENTION = timedelta(days=7)
# From the leaving: the account is closed once nothing of the person is open any more; how to reach
# the person, where they lived and worked, and the photo of the roster are emptied.
ACCOUNT_CLOSED_AFTER = timedelta(days=30)
LEFT_RETENTION = timedelta(days=2 * 365)
# From the decision on a formal loss, or its being taken back: where and how the card was lost.
LOSS_TEXT_RETENTION = timedelta(days=2 * 365)
# From the sending: what people were told. From the answer: what they asked to be corrected.
NOTICE_RETENTION = timedelta(days=2 * 365)
CORRECTION_RETENTION = timedelta(days=2 * 365)
# From the receiving: numbers of cards and parcels in a report of the bureau that was applied, and
# the text of a line that was settled.
REPORT_RETENTION = timedelta(days=2 * 365)
# A preview of a roster that nobody applied. Files of the bureau in the folders of the exchange; a
# report uploaded by hand and not confirmed.
ROSTER_RETENTION = timedelta(days=1)
PHOTO_ARCHIVE_RETENTION = timedelta(days=1)
BUREAU_FILE_RETENTION = timedelta(days=90)
REPORT_UPLOAD_RETENTION = timedelta(days=1)
# A file that could not be deleted is tried again after this time.
FILE_RETRY_AFTER = timedelta(hours=6)

# Backups: every one for so long, then one of each week. What is deleted by the periods above stays
# in them until they go.
BACKUP_KEPT = timedelta(days=env.int("BACKUP_KEPT_DAYS", default=14))
BACKUP_KEPT_WEEKLY = timedelta(days=env.int("BACKUP_KEPT_WEEKLY_DAYS", default=56))

# What the agreements promise besides, and the unit itself keeps to: logs of the servers (网络安全法
# wants six months), consents after the end of what they were given for, and the answer to somebody
# who exercises a right.
SERVER_LOG_MIN_MONTHS = 6
SERVER_LOG_MAX_YEARS = 3
CONSENT_KEPT_YEARS = 3
ANSWER_WORKING_DAYS = 15

# How many copies of all that is kept about them people may download on one day.
COPIES_PER_DAY = 5
# Whether people read the names of the staff who looked at their data, beside role and unit.
LOOKS_NAME_STAFF: bool = env.bool("LOOKS_NAME_STAFF", default=False)

# --- Files of the card bureau -------------------------------------------------------------------

# A report file in the folder, and one that is uploaded by hand.
REPORT_MAX_BYTES = 20 * 1024 * 1024
REPORT_UPLOAD_MAX_BYTES = 2 * 1024 * 1024

# --- Pictures and portraits ---------------------------------------------------------------------

# Uploaded pictures: bytes, pixels (before decoding), pixels of the shorter edge, the longer edge to
# which they are reduced for all further work, and the least one that a JPEG keeps which is made
# smaller while it is read.
PICTURE_MAX_BYTES: int = env.int("PICTURE_MAX_BYTES", default=10 * 1024 * 1024)
PICTURE_MAX_PIXELS: int = env.int("PICTURE_MAX_PIXELS", default=40_000_000)
PICTURE_MIN_EDGE = 120
PICTURE_WORKING_EDGE = 2400
PICTURE_LEAST_WORKING_EDGE = 1800
# What decoding one picture may take, about (a JPEG is made smaller while it is read, other formats
# are not), and how long somebody waits while others are decoded: one at a time in each process.
PICTURE_DECODE_MAX_BYTES: int = env.int("PICTURE_DECODE_MAX_BYTES", default=104 * 1024 * 1024)
PICTURE_WAIT = timedelta(seconds=20)
# The portrait on the card: width and height in pixels, how old it may be, bytes of the JPEG, and
# the least width of a crop: nothing is blown up.
PORTRAIT_SIZE = (358, 441)
PORTRAIT_TAKEN_WITHIN_MONTHS = 6
PORTRAIT_MIN_BYTES: int = env.int("PORTRAIT_MIN_BYTES", default=14 * 1024)
PORTRAIT_MAX_BYTES: int = env.int("PORTRAIT_MAX_BYTES", default=40_000)
PORTRAIT_MIN_CROP_WIDTH: int = env.int("PORTRAIT_MIN_CROP_WIDTH", default=PORTRAIT_SIZE[0])
# What counts as white (least grey level, largest difference of channels; 0 to 255), as sharp
# (least variance of the Laplacian) and as well exposed (mean grey level of the middle).
PORTRAIT_WHITE_LEVEL: int = env.int("PORTRAIT_WHITE_LEVEL", default=218)
PORTRAIT_TINT_LIMIT: int = env.int("PORTRAIT_TINT_LIMIT", default=22)
PORTRAIT_SHARPNESS: float = env.float("PORTRAIT_SHARPNESS", default=25.0)
PORTRAIT_EXPOSURE = (60, 215)

# What one person may upload within an hour, whatever becomes of it (apps/limits). How long it is
# known that they did.
UPLOADS_AN_HOUR: dict[str, int] = {
    "PICTURE": env.int("PICTURES_PER_HOUR", default=60),
    "TABLE": env.int("TABLES_PER_HOUR", default=30),
}
UPLOAD_COUNT_RETENTION = timedelta(days=1)

# The body of a request, at most: with files (the pictures of one registration of a child, and what
# stands beside them), and from a browser that has not signed in.
UPLOAD_MAX_BYTES = PROOF_MAX_PICTURES * PICTURE_MAX_BYTES + 4 * 1024 * 1024
VISITOR_MAX_BYTES = 512 * 1024

# An archive of pictures that HR brings: its bytes (nginx or Caddy have to let as much through), and
# how many files are in it.
PHOTO_ARCHIVE_MAX_BYTES: int = env.int("PHOTO_ARCHIVE_MAX_BYTES", default=200 * 1024 * 1024)
PHOTO_ARCHIVE_MAX_PICTURES: int = env.int("PHOTO_ARCHIVE_MAX_PICTURES", default=500)

# --- Identity checks ----------------------------------------------------------------------------

# An identity check is good for this time, once.
CHECK_LIFETIME = timedelta(minutes=30)
# Faces: off where a unit does not want them. Distances below the first are the same person, above
# the second another; dlib puts the border at 0.6 for photographs of any kind. In between, where a
# roster photo may be ten years old, a reviewer looks.
FACES_ENABLED: bool = env.bool("FACES_ENABLED", default=True)
FACE_SIMILAR_BELOW: float = env.float("FACE_SIMILAR_BELOW", default=0.45)
FACE_DIFFERENT_ABOVE: float = env.float("FACE_DIFFERENT_ABOVE", default=0.6)
# Below this distance it is not the same person again but the same picture, re-encoded, cut,
# mirrored or made lighter: these measured at most 0.12, two pictures of one person at least 0.17
# (tests/verification/test_faces.py).
FACE_SAME_BELOW: float = env.float("FACE_SAME_BELOW", default=0.15)
# Comparisons of a face that a person may ask for in an hour.
FACE_TRIES_PER_HOUR: int = env.int("FACE_TRIES_PER_HOUR", default=10)
# A password or a second factor that was given so long ago at most is not asked for again.
PROOF_COUNTS_FOR = timedelta(minutes=10)
# Codes by SMS: digits, life, wait before the next one, tries of one code, codes in an hour.
CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
CODE_WAIT = timedelta(minutes=1)
CODE_TRIES = 5
# A phone that HR has just changed may be another person's: for so long no code to it finishes what
# nobody reviews.
NEW_PHONE_WAIT = timedelta(hours=env.int("NEW_PHONE_WAIT_HOURS", default=24))
CODES_PER_HOUR: int = env.int("CODES_PER_HOUR", default=10)
