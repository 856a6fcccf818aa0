"""Where in its matter a page is."""

from django import template

from apps.common.kept_html import KeptHtml

register = template.Library()

APPLY = ("资格校验", "提交资料", "邮寄支付", "制卡邮寄")
REPLACE = ("登记挂失", "人事处确认", "原因缴费", "制卡邮寄")
# Page → how many steps are finished, of an 申领 and of a 补换.
_DONE = {
    "guide": (0, 0),
    "declare": (0, 0),
    "declared": (0, 1),
    "destination": (0, 2),
    "form": (1, 2),
    "confirm": (1, 2),
    "delivery": (2, 2),
    "making": (3, 3),
}


_STEPS = KeptHtml("components/_stepper.html", most=100, put_in=())


@register.simple_tag
def draw_steps(steps, done):
    """The names `steps`, of which so many are `done`."""
    return _STEPS(steps=tuple(steps), done=done)


@register.simple_tag
def matter_steps(page, *, is_replacement=False):
    """The steps with the one of `page` as the present one."""
    apply, replace = _DONE[page]
    if is_replacement:
        return draw_steps(REPLACE, replace)
    return draw_steps(APPLY, apply)
