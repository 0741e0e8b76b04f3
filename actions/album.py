"""Photos sent together: each is an entry, the first is answered in full, the others together once no more come."""

from datetime import datetime, timedelta

from actions import dutylog
from actions.deadline import step
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import room as say
from storage import draft, outbox
from storage.database import Tx
from storage.deadline import Deadline, set_deadline

KIND = "album"
QUIET = timedelta(seconds=5)
"""When no further file came for so long, the others are answered."""
OVER = timedelta(hours=1)
"""No file of an album comes later than this."""


async def write(
    tx: Tx, who: Actor, now: datetime, text: str, file: say.FileKept | None, refused: str | None, album: str
) -> Notice | None:
    """Record an entry that may be one of an album (its mark, "" for none); None: it is answered with the others."""
    answer = await dutylog.write(tx, who, now, text, file, refused)
    if not album or refused or not isinstance(answer, say.Logged):
        return answer
    return None if await _is_further(tx, now, who.id, album, answer.seq) else answer


async def _is_further(tx: Tx, now: datetime, person: int, album: str, seq: int) -> bool:
    known = [d for d in await draft.of_kind(tx, KIND) if d.person_id == person]
    for old in known:
        if now - old.created_at > OVER:
            await draft.use(tx, now, old.id)
    kept = next((d for d in known if d.text == album), None)
    if kept is None:
        await draft.keep(tx, now, person, KIND, album, {"seqs": []})
        return False
    await draft.change(tx, kept.id, {"seqs": [*(kept.data or {})["seqs"], seq]})
    await set_deadline(tx, KIND, f"D{kept.id}", "rest", now + QUIET)
    return True


@step(KIND)
async def answer(tx: Tx, deadline: Deadline, now: datetime) -> None:
    """Say which entries the further files of an album are."""
    kept = await draft.by_id(tx, int(deadline.subject[1:]))
    if kept is None or kept.data is None or not kept.data["seqs"]:
        return
    await draft.change(tx, kept.id, {"seqs": []})
    await outbox.say(tx, now, say.AlbumLogged(seqs=tuple(kept.data["seqs"]), at=now), person=kept.person_id)
