"""Whether somebody of a people sheet is known already: by name and number, by account, or with a new number."""

from collections.abc import Collection, Sequence

from domain.actor import Actor


def find_known(
    name: str,
    phone: str,
    account: int | None,
    posts: Collection[tuple[str, str]],
    known: Sequence[Actor],
    listed: Collection[tuple[str, str]],
    former: Sequence[Actor] = (),
) -> Actor | None:
    """Return who is meant, None for somebody new. `posts`: (unit, role); `listed`: name and number of all in the sheet.

    Somebody of the same name in the same post, whose old number stands nowhere in the sheet, has a new number.
    `former`: those whose access was taken away, who are the same people when they come again.
    """
    for who in (*known, *former):
        if (who.name, who.phone) == (name, phone):
            return who
    if account is not None and (own := [who for who in known if who.telegram_id == account]):
        return own[0]
    numbers = {(who.name, who.phone) for who in (*known, *former)}
    fresh = [one for one in listed if one[0] == name and one not in numbers]
    for group in (known, former):
        same = [
            who
            for who in group
            if who.name == name and (name, who.phone) not in listed and _posts_of(who) & set(posts)
        ]
        if same:
            return same[0] if len(same) == 1 == len(fresh) else None
    return None


def _posts_of(who: Actor) -> set[tuple[str, str]]:
    return {(post.unit, post.role.value) for post in who.posts}
