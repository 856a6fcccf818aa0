"""Code tables of a person's data, as the provincial card system numbers them."""

from django.db import models


class IdType(models.TextChoices):
    RESIDENT = "A", "居民身份证"
    PASSPORT = "C", "护照"
    PERMANENT_RESIDENT = "D", "外国人永久居留证"
    HONGKONG_MACAO = "J", "港澳居民来往内地通行证"
    TAIWAN = "K", "台湾居民来往大陆通行证"
    RESIDENCE_PERMIT = "M", "港澳台居民居住证"


class Theme(models.TextChoices):
    """The colours of the pages."""

    SYSTEM = "system", "跟随系统"
    LIGHT = "light", "浅色"
    DARK = "dark", "深色"


class Edition(models.TextChoices):
    """How large and how plain the pages are."""

    STANDARD = "standard", "普通版"
    ELDER = "elder", "长辈版"


class Sex(models.TextChoices):
    MALE = "1", "男"
    FEMALE = "2", "女"
    UNSTATED = "9", "未说明"


class Ethnicity(models.TextChoices):
    """GB/T 3304-1991, with the two codes in use beyond it."""

    C01 = "01", "汉族"
    C02 = "02", "蒙古族"
    C03 = "03", "回族"
    C04 = "04", "藏族"
    C05 = "05", "维吾尔族"
    C06 = "06", "苗族"
    C07 = "07", "彝族"
    C08 = "08", "壮族"
    C09 = "09", "布依族"
    C10 = "10", "朝鲜族"
    C11 = "11", "满族"
    C12 = "12", "侗族"
    C13 = "13", "瑶族"
    C14 = "14", "白族"
    C15 = "15", "土家族"
    C16 = "16", "哈尼族"
    C17 = "17", "哈萨克族"
    C18 = "18", "傣族"
    C19 = "19", "黎族"
    C20 = "20", "傈僳族"
    C21 = "21", "佤族"
    C22 = "22", "畲族"
    C23 = "23", "高山族"
    C24 = "24", "拉祜族"
    C25 = "25", "水族"
    C26 = "26", "东乡族"
    C27 = "27", "纳西族"
    C28 = "28", "景颇族"
    C29 = "29", "柯尔克孜族"
    C30 = "30", "土族"
    C31 = "31", "达斡尔族"
    C32 = "32", "仫佬族"
    C33 = "33", "羌族"
    C34 = "34", "布朗族"
    C35 = "35", "撒拉族"
    C36 = "36", "毛南族"
    C37 = "37", "仡佬族"
    C38 = "38", "锡伯族"
    C39 = "39", "阿昌族"
    C40 = "40", "普米族"
    C41 = "41", "塔吉克族"
    C42 = "42", "怒族"
    C43 = "43", "乌孜别克族"
    C44 = "44", "俄罗斯族"
    C45 = "45", "鄂温克族"
    C46 = "46", "德昂族"
    C47 = "47", "保安族"
    C48 = "48", "裕固族"
    C49 = "49", "京族"
    C50 = "50", "塔塔尔族"
    C51 = "51", "独龙族"
    C52 = "52", "鄂伦春族"
    C53 = "53", "赫哲族"
    C54 = "54", "门巴族"
    C55 = "55", "珞巴族"
    C56 = "56", "基诺族"
    OTHER = "97", "其他"
    NATURALISED = "98", "外国血统中国籍人士"


class Occupation(models.TextChoices):
    LEADER = "1000000", "单位负责人"
    PROFESSIONAL = "2000000", "专业、技术人员"
    CLERK = "3000000", "办事人员"
    SERVICE = "4000000", "商业、服务人员"
    FARMING = "5000000", "农林牧渔水利生产人员"
    PRODUCTION = "6000000", "生产运输工人"
    OTHER = "8000000", "其他从业人员"


class HouseholdType(models.TextChoices):
    NON_RURAL = "10", "非农业"
    LOCAL_TOWN = "11", "本地城镇"
    OTHER_TOWN = "12", "外地城镇"
    RURAL = "20", "农业"
    LOCAL_RURAL = "21", "本地农村"
    OTHER_RURAL = "22", "外地农村"
    HONGKONG_MACAO_TAIWAN = "30", "港澳台"
    FOREIGN = "40", "外籍"
    RESIDENT = "50", "居民户"


class Relation(models.TextChoices):
    """The relation of guardian and ward. The provincial system knows no other relations."""

    FATHER_SON = "1", "父子"
    FATHER_DAUGHTER = "2", "父女"
    MOTHER_SON = "3", "母子"
    MOTHER_DAUGHTER = "4", "母女"


class ProofKind(models.TextChoices):
    HOUSEHOLD_BOOK = "1", "户口簿"
    BIRTH_CERTIFICATE = "2", "出生医学证明"


class GuardianshipStatus(models.TextChoices):
    WAITING = "WAITING", "待确认"
    CONFIRMED = "CONFIRMED", "已确认"
    REFUSED = "REFUSED", "没有确认"
    ENDED = "ENDED", "代办已结束"

    @property
    def tone(self):
        """The colour of its tag."""
        return _GUARDIANSHIP_TONES[self]


_GUARDIANSHIP_TONES = {
    GuardianshipStatus.WAITING: "warn",
    GuardianshipStatus.CONFIRMED: "ok",
    GuardianshipStatus.REFUSED: "bad",
    GuardianshipStatus.ENDED: "",
}


class GuardianshipAction(models.TextChoices):
    REGISTER = "REGISTER", "登记子女"
    CONFIRM = "CONFIRM", "确认监护关系"
    REFUSE = "REFUSE", "不确认"
    END = "END", "子女成年，代办结束"
    RESUME = "RESUME", "更正出生日期，继续代办"
    MERGE = "MERGE", "并入同一个人的另一条登记"


class EntryOutcome(models.TextChoices):
    """What happened to the row of a member of the staff when it was entered."""

    CREATED = "CREATED", "新增"
    UPDATED = "UPDATED", "更新"
    LEFT = "LEFT", "离职"
    UNCHANGED = "UNCHANGED", "没有变化"


class ConsentKind(models.TextChoices):
    """Each is asked for separately, un-ticked, and stored with the version of its text."""

    SERVICE = "SERVICE", "服务协议"
    PRIVACY = "PRIVACY", "个人信息处理规则"
    SENSITIVE = "SENSITIVE", "敏感个人信息单独同意书"
    FACE = "FACE", "人脸信息单独同意书"
    THIRD_PARTY = "THIRD_PARTY", "向第三方提供个人信息单独同意书"
    CHILDREN = "CHILDREN", "儿童个人信息保护规则"


class ConsentStatus(models.TextChoices):
    """What a consent is now; it follows from whether it was taken back."""

    GIVEN = "GIVEN", "已同意"
    WITHDRAWN = "WITHDRAWN", "已撤回"

    @property
    def tone(self):
        return "ok" if self is ConsentStatus.GIVEN else ""
