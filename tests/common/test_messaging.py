from apps.common import messaging

sent = []


class Recorder:
    def send(self, **message):
        sent.append(message)


def test_a_message_goes_to_the_adapter_that_the_settings_name(settings):
    settings.SMS_SENDER = f"{__name__}.Recorder"
    sent.clear()
    messaging.send_sms(phone="13812341234", text="验证码 1234")
    assert [(one["phone"], one["text"]) for one in sent] == [("13812341234", "验证码 1234")]
