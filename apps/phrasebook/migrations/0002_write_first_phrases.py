# by hand
from django.db import migrations

SEED = {
    "portrait": [
        "照片背景不是白色，请在白墙前重新拍摄",
        "照片模糊，请重新拍摄清晰的照片",
        "照片与本人不符，请上传本人六个月内的正面免冠照片",
        "头部太小或不居中，请按提示重新裁剪",
    ],
    "ethnicity": ["民族与身份证不一致，请按身份证填写"],
    "id_valid": ["证件有效期与身份证不一致，请核对身份证背面后填写"],
    "phone": ["手机号打不通，请填写本人实名办理的手机号"],
    "address": ["地址不完整，请从省、市写到门牌号"],
    "occupation": ["职业与人事登记不符，请重新选择"],
    "household_type": ["户口性质与户口簿不一致，请核对后选择"],
    "rejection": [
        "照片不是本人，请用本人近期照片重新申请",
        "姓名或身份证号与公安登记不一致，请先到社保经办机构更正，再重新申请",
        "已在其他地区参保并持有社保卡，请到当前发卡地区办理",
        "到期没有修改，请准备好材料后重新申请",
        "本人要求终止这件申请",
    ],
    "guardianship": [
        "证明影像看不清，请重新拍摄户口簿上您和孩子的两页",
        "证明材料上没有您与孩子的关系，请换用出生医学证明",
        "姓名或号码与证明材料不一致，请核对后重新登记",
    ],
    "formal_loss": [
        "联系不上您本人，请到人事处社保窗口办理",
        "您来电说卡已找到，不再挂失",
    ],
}


def seed(apps, schema_editor):
    Phrase = apps.get_model("phrasebook", "Phrase")
    for topic, texts in SEED.items():
        for position, text in enumerate(texts, start=1):
            Phrase.objects.create(topic=topic, text=text, position=position)


class Migration(migrations.Migration):
    dependencies = [("phrasebook", "0001_create_phrasebook")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
