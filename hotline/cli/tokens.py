"""Who may ask the API, and who reads their shifts in a calendar: secrets made, listed, closed?"""

from typing import Annotated

import typer

from hotline.api.feeds import actions as feed_actions
from hotline.api.feeds import store as feeds
from hotline.api.tokens import actions, store
from hotline.api.tokens.token import Role
from hotline.cli.terminal import AsJson, app, opened, show, who
from hotline.errors import BadInput
from hotline.people.store import everybody
from hotline.settings import load_settings

token = typer.Typer(help="Secrets with which programs ask the API.", no_args_is_help=True)
feed = typer.Typer(help="Secret addresses of people's own calendars.", no_args_is_help=True)
app.add_typer(token, name="token")
app.add_typer(feed, name="feed")

For = Annotated[str, typer.Option("--for", metavar="PHONE", help="The phone of the person.")]


@token.command("new")
def token_new(
    phone: For,
    role: Annotated[Role, typer.Option(help="What it opens: all of the rota, figures, or the own shifts.")],
    days: Annotated[int, typer.Option(min=1, max=1830, help="For so long.")] = actions.USUAL_DAYS,
    name: Annotated[str, typer.Option(help="What it is for.")] = "",
) -> None:
    """Make a token and print it, once: only its keyed hash is kept."""
    with opened() as (database, profile), database.transaction() as tx:
        _, secret = actions.make_token(tx, phone, role, who(), name, days, profile.service.country)
    typer.echo(secret)


@token.command("list")
def token_list(as_json: AsJson = False) -> None:
    """List the tokens, newest first: whose, for what, by whom made, until when, last used."""
    with opened() as (database, profile), database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        zone = profile.service.timezone
        rows = [one.as_json(names, zone, tx.now) for one in store.every_token(tx)]
    lines = [
        f"{row['id']}  {row['role']:<11}  {row['person']}{_about(row['name'])}: {row['state']}, until "
        f"{row['expires_at'][:10]}, last used {(row['last_used_at'] or 'never')[:16]}, by {row['made_by']}"
        for row in rows
    ]
    show(rows if as_json else lines or ["No token yet."])


@token.command("revoke")
def token_revoke(token_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Close a token at once."""
    with opened() as (database, _), database.transaction() as tx:
        actions.revoke_token(tx, token_id, who())
    typer.echo("The token is revoked.")


@feed.command("new")
def feed_new(phone: For) -> None:
    """Make the secret address of somebody's calendar and print it, once; it closes the one before."""
    address = load_settings().public_url
    if not address:
        raise BadInput("HOTLINE_PUBLIC_URL is not set: the calendar is served below it")
    with opened() as (database, profile), database.transaction() as tx:
        secret = feed_actions.make_feed(tx, phone, who(), profile.service.country)
    typer.echo(f"{address}/feeds/{secret}.ics")


@feed.command("list")
def feed_list(as_json: AsJson = False) -> None:
    """List the calendars that are open: whose, when and by whom made, last read."""
    with opened() as (database, profile), database.reading() as tx:
        names = {person.id: person.name for person in everybody(tx)}
        zone = profile.service.timezone
        rows = [one.as_json(names, zone) for one in feeds.open_feeds(tx)]
    lines = [
        f"{row['person']}: made {row['made_at'][:16]} by {row['made_by']}, "
        f"last read {(row['last_access_at'] or 'never')[:16]}"
        for row in rows
    ]
    show(rows if as_json else lines or ["No calendar yet."])


@feed.command("revoke")
def feed_revoke(phone: For) -> None:
    """Close the calendar of a person at once."""
    with opened() as (database, profile), database.transaction() as tx:
        feed_actions.revoke_feed(tx, phone, who(), profile.service.country)
    typer.echo("The calendar is closed.")


def _about(name: str) -> str:
    return f" ({name})" if name else ""
