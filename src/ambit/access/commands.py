"""`ambit access`: accounts, duty, and which role may use which route."""

import sys
from typing import NoReturn

import click

from ambit.access import actions
from ambit.access.models import Account, Duty
from ambit.access.queries import Reader
from ambit.access.routes import as_markdown, matrix
from ambit.design.refusals import Refused
from ambit.design.terminal import Terminal, speaks_json
from ambit.organisations.models import Organisation, Staff


@click.group()
def access() -> None:
    """Accounts, and who may open what."""


@access.command("matrix")
@speaks_json
def print_matrix(terminal: Terminal) -> None:
    """Print which role may use which route, as Markdown."""
    terminal.answer({"routes": matrix()}, words="") if terminal.json else click.echo(as_markdown(), nl=False)


@access.command()
@click.option("--email", required=True, help="Address to sign in with.")
@click.option("--staff", default="", help="Address of the member of staff in the address book (default: the same).")
@click.option("--role", default="", type=click.Choice(["", "proxy", "carer"]), help="For somebody who is not staff.")
@click.option("--name", default="", help="Name of somebody who is not staff.")
@click.option("--ask-password", is_flag=True, help="Ask for a password instead of making one.")
@click.pass_obj
@speaks_json
def make_account(
    reader: Reader, email: str, staff: str, role: str, name: str, ask_password: bool, terminal: Terminal
) -> None:
    """Make an account; its password is shown once."""
    member = None if role else Staff.objects.filter(email__iexact=staff or email).first()
    if not role and member is None:
        _stop(terminal, f"No member of staff has the address {staff or email}. Add them to the address book first.")
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True) if ask_password else None
    try:
        account, password = actions.make_account(
            by=reader, email=email, staff=member, role=role, name=name, password=password
        )
    except Refused as refused:
        _stop(terminal, str(refused))
    shown = "" if ask_password else password
    terminal.answer(
        {"email": account.email, "password": shown},
        words=f"{account.email} can sign in." + (f" Password, shown once: {shown}" if shown else ""),
    )


@access.command()
@click.option("--email", required=True, help="Address of the account.")
@click.pass_obj
@speaks_json
def close_account(reader: Reader, email: str, terminal: Terminal) -> None:
    """Close an account; whoever is signed in with it is out at once."""
    account = Account.objects.filter(email__iexact=email).first()
    if account is None:
        _stop(terminal, f"Nobody signs in as {email}.")
    actions.deactivate_account(by=reader, account_id=account.pk)
    terminal.answer({"email": account.email, "closed": True}, words=f"{account.email} is closed.")


@access.command()
@click.option("--organisation", "code", required=True, help="Code of the organisation whose clinicians are on duty.")
@click.option("--area", "area_code", required=True, help="Code of the place or system they answer for.")
@click.option("--end", is_flag=True, help="End their duty for this area.")
@click.pass_obj
@speaks_json
def duty(reader: Reader, code: str, area_code: str, end: bool, terminal: Terminal) -> None:
    """Put an organisation's urgent clinicians on duty for an area, or end that."""
    organisation, area = (Organisation.objects.filter(code__iexact=one).first() for one in (code, area_code))
    if organisation is None or area is None:
        _stop(terminal, f"No organisation has the code {area_code if organisation else code}.")
    standing = Duty.objects.filter(organisation=organisation, area=area, until_at=None)
    if end:
        for one in standing:
            actions.end_duty(by=reader, duty_id=one.pk)
    elif not standing.exists():
        actions.put_on_duty(by=reader, organisation=organisation, area=area)
    state = "off duty" if end else "on duty"
    terminal.answer(
        {"organisation": organisation.code, "area": area.code, "on_duty": not end},
        words=f"{organisation.name} is {state} for {area.name}.",
    )


def _stop(terminal: Terminal, words: str) -> NoReturn:
    terminal.say(words)
    sys.exit(1)
