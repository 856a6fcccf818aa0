"""What a browser says of itself, in words by which its owner recognises it."""

# The first that fits counts: browsers inside of apps name the others too.
_BROWSERS = (
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("DingTalk", "钉钉"),
    ("Edg", "Edge 浏览器"),
    ("Firefox", "Firefox 浏览器"),
    ("Chrome", "Chrome 浏览器"),
    ("Safari", "Safari 浏览器"),
)
_DEVICES = (
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("HarmonyOS", "鸿蒙设备"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Macintosh", "苹果电脑"),
    ("Linux", "Linux 电脑"),
)


def in_words(user_agent):
    """苹果手机上的微信, from the header User-Agent."""
    device = next((words for mark, words in _DEVICES if mark in user_agent), "认不出的设备")
    browser = next((words for mark, words in _BROWSERS if mark in user_agent), "浏览器")
    return f"{device}上的 {browser}" if browser[0].isascii() else f"{device}上的{browser}"
