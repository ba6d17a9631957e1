"""By which rules do people take turns: read, drafted, published, looked back on?"""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from pydantic import BaseModel, Field, ValidationError

from hotline.api import shapes
from hotline.api.desk import Apart, Coordinator
from hotline.api.moments import At
from hotline.api.problems import Problem, refusals
from hotline.calls.telling.changes import how_told
from hotline.database import Transaction
from hotline.oncall.rota import store
from hotline.oncall.rota.actions import draft, moment, publish
from hotline.oncall.rota.drafting import rota_from
from hotline.oncall.rota.reviewing import review
from hotline.oncall.rota.rota_report import moment_as_json, publication_as_json, version_as_json
from hotline.people.store import everybody

router = APIRouter(prefix="/rota", route_class=Apart, tags=["rota"], responses=refusals())

_NAMED = Path("rota")
_ROTA = {
    "requestBody": {
        "required": True,
        "description": "A rota file, as `hotline rota export` prints it.",
        "content": {
            "application/toml": {"schema": {"type": "string"}},
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["rota"],
                    "additionalProperties": False,
                    "properties": {"rota": {"type": "string", "description": "The text of the file."}},
                }
            },
        },
    }
}


class _Written(BaseModel):
    rota: str


class Versions(shapes.Shape):
    """The newest versions first, drafts too."""

    versions: list[shapes.Version]


class Publish(shapes.Shape):
    """Why the newest draft is put in force; it is kept with the version."""

    reason: str = Field(min_length=1, max_length=500, examples=["December"])


@router.get("/versions", response_model=Versions)
def versions(asker: Coordinator, most: Annotated[int, Query(ge=1, le=100)] = 20) -> Any:
    """List the newest versions: who drafted and published them, when, and why."""
    zone = asker.profile.service.timezone
    with asker.reading("rota versions") as tx:
        names = _names(tx)
        found = [version_as_json(one, names, zone) for one in store.newest_versions(tx, most)]
    return {"versions": found}


@router.get("/draft", response_model=shapes.Review, responses=refusals(404))
def show_draft(asker: Coordinator) -> Any:
    """Say what the newest draft would change for whom, what in it is impossible, broken or uncovered."""
    with asker.reading("rota draft") as tx:
        version = store.newest_draft(tx)
        if version is None:
            raise Problem(404, "there is no draft: PUT one here")
        return review(tx, asker.ground, version).as_json()


async def _text(_asker: Coordinator, request: Request) -> str:
    """Return the text of a rota file that was sent as it is, or in JSON; nobody else's body is read."""
    kind = request.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind not in ("application/toml", "application/json", "text/plain"):
        raise Problem(415, 'send the rota file as application/toml, or as application/json in {"rota": …}')
    body = await request.body()
    try:
        return _Written.model_validate_json(body).rota if kind.endswith("json") else body.decode()
    except (UnicodeDecodeError, ValidationError):
        raise Problem(422, "the body is not UTF-8 text, or not JSON with the one text rota") from None


@router.put("/draft", response_model=shapes.Kept, responses=refusals(413, 415), openapi_extra=_ROTA)
def put_draft(asker: Coordinator, text: Annotated[str, Depends(_text)]) -> Any:
    """Keep a rota file as a draft, and say what it would change; the same rules twice are one draft."""
    with asker.desk.database.reading() as tx:
        # Reading a long file takes its time, and nobody may wait for that.
        rota = rota_from(tx, asker.profile, text, _NAMED)
    with asker.changing("api draft rota", "draft") as tx:
        number, is_new = draft(tx, rota, asker.person.id)
    with asker.desk.database.reading() as tx:
        version = store.newest_draft(tx)
        found = review(tx, asker.ground, version).as_json() if version else None
    return {"version": number, "new": is_new, "review": found}


@router.post("/publish", response_model=shapes.Publication)
def publish_draft(asker: Coordinator, why: Publish) -> Any:
    """Put the newest draft in force, from now on; the past, and what has begun, stays as it was."""
    database, person = asker.desk.database, asker.person
    with asker.changing("api publish rota", "newest draft"):
        pass
    done = publish(database, asker.ground, person.phone, why.reason)
    with database.reading() as tx:
        told = how_told(asker.desk.board, tx, [one.person_id for one in done.diffs])
        said = publication_as_json(done, _names(tx), asker.profile.service.timezone)
    return {**said, "told": told}


@router.get("/history", response_model=shapes.Moment)
def history(asker: Coordinator, at: At = None) -> Any:
    """Say who was on duty at a moment, who was supposed to be, and by which version of the rota."""
    with asker.reading("rota history") as tx:
        return moment_as_json(moment(tx, at or tx.now), _names(tx), asker.profile.service.timezone)


def _names(tx: Transaction) -> dict[str, str]:
    return {person.id: person.name for person in everybody(tx)}
