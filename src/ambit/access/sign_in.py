"""Sign-in, through django-allauth: who comes in, who is kept out, and the line each leaves in the audit trail."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ambit.access.models import Account
from ambit.access.queries import memberships_today, reader_for, search_print, signed_in_account
from ambit.audit import actions as audit
from ambit.audit.rules import Reader

BACKEND = "ambit.access.sign_in.Backend"


class Backend(AuthenticationBackend):
    """E-mail and password. Reads the account together with its roles of today, in one statement a request."""

    def get_user(self, user_id: Any) -> Account | None:
        return signed_in_account(int(user_id))


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the site, never by signing up; signing in, failing to and signing out are audited."""

    # the same words whether the address is known or not, and what to do
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _(
            "This e-mail address and this password do not belong together. Check both, or choose a new password."
        ),
        "too_many_login_attempts": _(
            "Too many tries with a wrong password. Wait 15 minutes, or choose a new password with the link below."
        ),
        "incorrect_password": _("This is not your password. Type it again."),
        "enter_current_password": _("Type the password that you have now."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            _failed(request, credentials, "was kept out after too many failed sign-ins")
            raise

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        _failed(request, credentials, "failed to sign in")

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        audit.record(by=reader_for(user, address=request.META.get("REMOTE_ADDR") or ""), what="signed in")

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Account):
            audit.record(by=reader_for(request.user, address=request.META.get("REMOTE_ADDR") or ""), what="signed out")
        super().logout(request)

    def add_message(
        self, request: HttpRequest, level: int, message_template: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        """The header shows who is signed in; saying so once more would only be in the way."""
        if message_template not in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        if isinstance(request.user, Account) and len(memberships_today(request.user)) > 1:
            return reverse("choose_role")
        return super().get_login_redirect_url(request)


class CodeForm(AuthenticateForm):
    """The code of an authenticator app, or a recovery code; a wrong one is audited."""

    def clean_code(self) -> str:
        try:
            return super().clean_code()
        except ValidationError:
            audit.record(by=reader_for(self.user), what="gave a wrong second factor")
            raise


def _failed(request: HttpRequest, credentials: dict[str, Any], what: str) -> None:
    """Audit a failed sign-in. What was typed is kept only as a keyed hash: people type passwords into the wrong box."""
    email = str(credentials.get("email", ""))
    account = Account.objects.filter(email__iexact=email).first()
    audit.record(
        by=Reader(
            name="nobody signed in",
            role="",
            account_id=account.pk if account else None,
            address=request.META.get("REMOTE_ADDR") or "",
        ),
        what=what,
        details={"address_hash": search_print(email.lower())},
    )


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether somebody must set up a second factor before anything else, staff and the person's side alike; asked once a
    session. Who came by another service (NHS login) has proved theirs there."""
    user: Account | AnonymousUser = request.user  # type: ignore[assignment]
    if not settings.CONFIG.second_factor or not isinstance(user, Account):
        return False
    if request.session.get("has_second_factor") == user.pk:
        return False
    if Authenticator.objects.filter(
        user=user, type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    ).exists():
        request.session["has_second_factor"] = user.pk
        return False
    return True
