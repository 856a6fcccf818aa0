"""The one page of second factors that allauth addresses by a key of the database."""

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect

from apps.account.second_factor import gate
from apps.common.gone import WhatIsGone, get_or_gone
from apps.encryption import public_keys
from apps.unsent.typed_again import posted_from

_REMOVED = WhatIsGone(
    "这个通行密钥已经移除了", "还在用的都列在「两步验证」里。", "看两步验证", "mfa_index"
)


@login_required
@posted_from("mfa_index")
def remove_passkey(request):
    """`passkey` is the key of one of the user's own."""
    own = Authenticator.objects.filter(user=request.user, type=Authenticator.Type.WEBAUTHN)
    passkey = get_or_gone(
        own, _REMOVED, pk=public_keys.in_data(request.POST, "passkey", Authenticator)
    )
    if gate.is_last_of_staff(passkey):
        messages.error(
            request,
            "您的账户能进入审核后台，必须保留一种两步验证。请先添加另一种，再移除这一种。",
        )
        return redirect("mfa_index")
    return remove_webauthn(request, pk=passkey.pk)
