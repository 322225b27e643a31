"""Sign-in, by django-allauth: only the routes we use, each with its rule. Nobody signs up."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, path, re_path

from ambit.access.pages import nhs_login
from ambit.design.routes import everyone, signed_in


def _with(rule: Callable[..., Any], view: Callable[..., Any]) -> Callable[..., Any]:
    """The library's view with our rule on it; the library's own is left as it is."""

    @wraps(view)
    def ruled(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    return rule(ruled)


def _route(address: str, rule: Callable[..., Any], view: Callable[..., Any], name: str) -> URLPattern:
    return path(address, _with(rule, view), name=name)


urlpatterns = [
    path("nhs-login/", nhs_login.nhs_login_begin, name="nhs_login_begin"),
    path("nhs-login/return/", nhs_login.nhs_login_return, name="nhs_login_return"),
    _route("login/", everyone, account.login, "account_login"),
    _route("logout/", everyone, account.logout, "account_logout"),
    _route("closed/", everyone, account.account_inactive, "account_inactive"),
    _route("confirm/", signed_in, account.reauthenticate, "account_reauthenticate"),
    _route("password/", signed_in, account.password_change, "account_change_password"),
    _route("password/set/", signed_in, account.password_set, "account_set_password"),
    _route("password/forgotten/", everyone, account.password_reset, "account_reset_password"),
    _route("password/forgotten/sent/", everyone, account.password_reset_done, "account_reset_password_done"),
    re_path(
        r"^password/forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _with(everyone, account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    _route(
        "password/forgotten/changed/",
        everyone,
        account.password_reset_from_key_done,
        "account_reset_password_from_key_done",
    ),
    _route("second-factor/", signed_in, mfa.index, "mfa_index"),
    _route("second-factor/code/", everyone, mfa.authenticate, "mfa_authenticate"),
    _route("second-factor/confirm/", signed_in, mfa.reauthenticate, "mfa_reauthenticate"),
    _route("second-factor/app/", signed_in, totp.activate_totp, "mfa_activate_totp"),
    _route("second-factor/app/remove/", signed_in, totp.deactivate_totp, "mfa_deactivate_totp"),
    _route("second-factor/recovery/", signed_in, recovery_codes.view_recovery_codes, "mfa_view_recovery_codes"),
    _route(
        "second-factor/recovery/new/",
        signed_in,
        recovery_codes.generate_recovery_codes,
        "mfa_generate_recovery_codes",
    ),
    _route(
        "second-factor/recovery/download/",
        signed_in,
        recovery_codes.download_recovery_codes,
        "mfa_download_recovery_codes",
    ),
    _route("passkeys/", signed_in, webauthn.list_webauthn, "mfa_list_webauthn"),
    _route("passkeys/add/", signed_in, webauthn.add_webauthn, "mfa_add_webauthn"),
    _route("passkeys/sign-in/", everyone, webauthn.login_webauthn, "mfa_login_webauthn"),
    _route("passkeys/confirm/", signed_in, webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    _route("passkeys/<int:pk>/remove/", signed_in, webauthn.remove_webauthn, "mfa_remove_webauthn"),
    _route("passkeys/<int:pk>/rename/", signed_in, webauthn.edit_webauthn, "mfa_edit_webauthn"),
]
