"""Who belongs to the office: whose access is taken in the middle of things, who is taken up again, and what they owe."""

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .world import Heard, Person

if TYPE_CHECKING:
    from .model import Call, Model

REVOKED = re.compile(r"^(\S+) 已停用（\d\d:\d\d）", re.MULTILINE)
BOUND = re.compile(r"^已绑定：(\S+?)（", re.MULTILINE)
FILE = "返岗"
"""How the files begin by which somebody is taken up again."""
STRANGER = "您还没有登记"
HOUR = 3600.0


@dataclass(frozen=True)
class Return:
    """A sheet by which somebody is taken up again, with their account or to be invited."""

    file: str
    rows: tuple[Person, ...]
    began: float


class Staff:
    """Whose access is taken, and who gets it again."""

    def __init__(self, model: "Model") -> None:
        self.model, self.street = model, model.street
        self.asked: dict[str, float] = {}
        """Whose access the admin has asked to end, and when."""
        self.since: dict[str, float] = {}
        """Who is gone for certain, and since when."""
        self.returns: list[Return] = []
        self.logged: set[str] = set()
        """Whose access is taken by the log, as far as it was read."""

    @property
    def names(self) -> set[str]:
        """Return who is gone, or perhaps is: nobody owes them anything."""
        return self.asked.keys() | self.since.keys()

    @property
    def accounts(self) -> set[int]:
        """Return the accounts of whoever is gone, or perhaps is."""
        return {p.account for p in (*self.street.people, *self.street.gone) if p.name in self.names}

    # --- what the admin does --------------------------------------------------------------------------------

    def revokes(self, who: Person) -> None:
        """The admin asks to end somebody's access: from now on either may be."""
        self.asked[who.name] = self.model.world.t
        for call in self.model.calls.values():
            units = call.units_of({who.name})
            names = {f"{call.number} call_list"}
            names |= {f"{call.number} tell_b {b.name}" for u in units if (b := call.targets[u][1])}
            for must in self.model.musts:
                if must.name in names:
                    must.early = False

    def takes_up(self, file: str, rows: tuple[Person, ...]) -> None:
        """The admin sends a sheet with somebody who was gone."""
        self.returns.append(Return(file, rows, self.model.world.t))
        for one in rows:
            self.model.deeds[one.account] += 1  # they read again what they had read before

    # --- what people hear -----------------------------------------------------------------------------------

    def hears(self, one: Heard) -> str | None:
        """Read who is gone and who is back; return what somebody hears who should not."""
        who = self.street.by_account(one.chat)
        if who is not None and who.role == "管理员" and not one.edit:
            if (found := REVOKED.search(one.text)) and found[1] in self.asked:
                self._left(found[1])
            if found := re.search(rf"^已导入 ({FILE}\d+)", one.text, re.MULTILINE):
                for back in [r for r in self.returns if r.file.startswith(found[1] + ".")]:
                    self._back(back)
        if (found := BOUND.search(one.text)) and (unbound := self._unbound(found[1], one.chat)):
            self._bound(unbound, one)
        gone = next((p for p in self.street.gone if p.account == one.chat), None)
        coming = {p.name for r in self.returns for p in r.rows}
        if gone is None or who is not None or gone.name in coming or one.text.startswith(STRANGER):
            return None
        late = self.model.shifts.settled(self.since.get(gone.name, one.at))
        return f"{gone.name} has no access any more and reads: {one.text[:60]}" if late else None

    def _left(self, name: str) -> None:
        """Nobody waits any more for who is gone: the B-role has the text at once, the officer whom to call."""
        began = self.asked.pop(name)
        self.since[name] = self.model.world.t
        theirs = [p for p in self.street.people if p.name == name]
        self.street.people[:] = [p for p in self.street.people if p.name != name]
        self.street.gone += theirs
        self.model.musts[:] = [
            m for m in self.model.musts if not m.name.endswith((f" remind {name}", f" order {name}"))
        ]
        for call in self.model.calls.values():
            if call.sent is not None and not call.over:
                for unit, (a, b) in call.targets.items():
                    if a is not None and a.name == name and unit in call.silent():
                        self._owe_b(call, unit, b, began)
        self._owe_finding(name, began)

    def _owe_b(self, call: "Call", unit: str, b: Person | None, began: float) -> None:
        model, now = self.model, self.model.world.t

        def still(_t: float) -> bool:
            return call.over or unit not in call.silent()

        def told(text: str) -> bool:
            return call.text in text and f"预警 {call.number} " in text and "请您（B角）接手" in text

        heard = {a for m in model.musts if m.name == f"{call.number} call_list" for a in m.heard}
        if not heard and call.sent is not None and now < call.sent + 60:
            model.owe_since(
                began, f"{call.number} call_list gone", now, model.holder_now,
                lambda text: f"预警 {call.number} " in text and "叫应名单" in text, still,
            )  # fmt: skip
        if b is not None and model.can(b):
            model.owe_since(
                call.sent or began,
                f"{call.number} stand-in {b.name}",
                now,
                lambda: {b.account} & self._can(),
                told,
                still,
            )

    def _owe_finding(self, name: str, began: float) -> None:
        """Whoever keeps the roster reads that a shift is somebody's who is gone."""
        model, now = self.model, self.model.world.t
        turns = [
            t for t in model.shifts.turns if t.certain(began - 5) == name and now < (2 + 24 * t.day) * HOUR
        ]
        admins = {p.account for p in self.street.named("管理员") if model.can(p)}
        sign = re.compile(rf"人已停用[\s\S]*{name}|{name}[\s\S]*人已停用")
        if turns:
            model.owe_since(
                began, "shift of who is gone", now, lambda: admins, lambda x: bool(sign.search(x)),
                lambda _t: all(t.certain(began - 5) != name for t in turns),
            )  # fmt: skip

    def _can(self) -> set[int]:
        return {p.account for p in self.street.people if self.model.can(p)}

    def _back(self, back: Return) -> None:
        """The sheet is in: whoever it names answers for their units again, and is sent what runs."""
        self.returns.remove(back)
        names = {p.name for p in back.rows if p.name in self.since}
        for name in names:
            del self.since[name]
            self.logged.discard(name)
        self.street.gone[:] = [p for p in self.street.gone if p.name not in names]
        self.street.people += [p for p in back.rows if p.name in names]
        self._owe_orders(names, back.began)

    def _unbound(self, name: str, account: int) -> Person | None:
        return (
            next((p for p in self.street.people if p.name == name and not p.account), None)
            if account
            else None
        )

    def _bound(self, who: Person, one: Heard) -> None:
        """Who was invited has an account again."""
        theirs = [p for p in self.street.people if p.name == who.name]
        self.street.people[:] = [p for p in self.street.people if p.name != who.name]
        self.street.people += [replace(p, account=one.chat) for p in theirs]
        self._owe_orders({who.name}, one.at - 2)

    def _owe_orders(self, names: set[str], began: float) -> None:
        for call in self.model.calls.values():
            if call.sent is None or call.over:
                continue
            for now in [p for p in self.street.people if p.ab == "A" and p.name in names]:
                _, b = call.targets.get(now.unit, (None, self.street.holder(now.unit, "B")))
                call.targets[now.unit] = (now, b)
                if now.unit in call.silent() and self.model.can(now):
                    self._owe_order(call, now.unit, now, began)

    def _owe_order(self, call: "Call", unit: str, now: Person, began: float) -> None:
        self.model.owe_since(
            began, f"{call.number} order again {now.name}", self.model.world.t,
            lambda: {now.account} & self._can(),
            lambda text: call.text in text and f"预警 {call.number} " in text,
            lambda _t: call.over or unit not in call.silent(),
        )  # fmt: skip

    # --- P6 -------------------------------------------------------------------------------------------------

    def logged_act(self, act: str, name: str | None, text: str) -> str | None:
        """Read one line of the log; return what is wrong: somebody acted whose access had been taken."""
        if act == "person.revoked":
            self.logged.add(text.split(maxsplit=1)[0])
        elif act == "people.imported" and text.startswith(FILE):
            self.logged -= {p.name for r in self.returns if r.file == text for p in r.rows}
        elif name in self.logged and act not in PASSIVE:
            return f"{name} did {act} and has no access any more"
        return None


PASSIVE = ("channel.sent", "channel.failed", "person.bound", "person.unreachable")
"""What stands under somebody's name without their doing it."""
