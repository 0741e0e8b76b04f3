"""Who is there: accounts, groups, the bot's place in them, and what it is let to hear."""

from collections.abc import Iterable

from .records import Account, Group, Json, Kept
from .world import World


class Members(World):
    """Accounts and groups; a thing that cannot be raises ValueError or LookupError."""

    def add_account(
        self,
        id: int,  # noqa: A002 - the Bot API's own word
        name: str,
        *,
        username: str | None = None,
        label: str = "",
        group: str | None = None,
        started: bool = True,
    ) -> Account:
        """Add a person, or rename one; `label` (or `group`) is the role shown on the page."""
        old = self.accounts.get(id)
        account = Account(id, name, username, group or label, old.started if old else started)
        if old:
            account.blocked, account.deactivated = old.blocked, old.deactivated
        self.keep_account(account)
        self.tell("people", id)
        self.settle()
        return account

    def create_group(self, id: int, title: str, members: Iterable[int]) -> Group:  # noqa: A002 - as above
        """Make a group chat of people, without the bot; ids below -10**12 are supergroups."""
        if id >= 0:
            raise ValueError("a group's id is negative")
        group = Group(id, title, [self.person(member).id for member in members])
        self.keep_group(group)
        self.tell("people", id)
        self.settle()
        return group

    def add_bot_to_group(self, group_id: int, *, by: int | None = None, admin: bool = False) -> None:
        """Let a member bring the bot into the group."""
        self._set_bot(self.group(group_id), "administrator" if admin else "member", by)

    def kick_bot(self, group_id: int, *, by: int | None = None) -> None:
        """Let a member throw the bot out of the group."""
        self._set_bot(self.group(group_id), "kicked", by)

    def migrate(self, group_id: int) -> int:
        """Upgrade a basic group to a supergroup and return the new id."""
        group = self.group(group_id)
        new = Group(-(10**12) + group_id, group.title, list(group.members), group.bot)
        group.migrated_to = new.id
        self.keep_group(group)
        self.keep_group(new)
        sender = self.person(group.members[0]).user() if group.members else self.bot_user()
        self._service(group, sender, migrate_to_chat_id=new.id)
        self._service(new, sender, migrate_from_chat_id=group.id)
        self.tell("people", new.id)
        self.settle()
        return new.id

    def person(self, account_id: int) -> Account:
        """Return the account; LookupError when there is none."""
        if account_id not in self.accounts:
            raise LookupError(f"no account {account_id}")
        return self.accounts[account_id]

    def group(self, group_id: int) -> Group:
        """Return the group; LookupError when there is none."""
        if group_id not in self.groups:
            raise LookupError(f"no group {group_id}")
        return self.groups[group_id]

    def block(self, account_id: int) -> None:
        """Let a person block the bot."""
        self._set_blocked(self.person(account_id), blocked=True)

    def unblock(self, account_id: int) -> None:
        """Let a person take the bot back."""
        self._set_blocked(self.person(account_id), blocked=False)

    def deactivate(self, account_id: int) -> None:
        """Delete a person's account at the service."""
        account = self.person(account_id)
        account.deactivated = True
        self.keep_account(account)
        self.tell("people", account_id)
        self.settle()

    def _deliver(self, kind: str, body: Json) -> None:
        group = self.groups.get(body["chat"]["id"])
        if group is None or (group.bot in {"member", "administrator"} and self._readable(group, body)):
            self.updates.put(kind, body)

    def _readable(self, group: Group, body: Json) -> bool:
        if self.reads_groups or group.bot == "administrator":
            return True
        text = str(body.get("text") or body.get("caption") or "")
        to_bot = body.get("reply_to_message", {}).get("from", {}).get("id") == self.bot_id
        return to_bot or text.startswith("/") or f"@{self.username}" in text or "migrate_to_chat_id" in body

    def _set_bot(self, group: Group, status: str, by: int | None) -> None:
        if group.migrated_to is not None:
            raise ValueError("the group was upgraded")
        sender = self.person(by if by is not None else group.members[0]).user()
        old, group.bot = group.bot, status
        self.keep_group(group)
        self._my_chat_member(group.chat(), sender, "left" if old == "absent" else old, status)
        self.tell("people", group.id)
        self.settle()

    def _set_blocked(self, account: Account, *, blocked: bool) -> None:
        old, account.blocked = account.blocked, blocked
        self.keep_account(account)
        if old != blocked:
            states = ("member", "kicked") if blocked else ("kicked", "member")
            self._my_chat_member(account.chat(), account.user(), *states)
        self.tell("people", account.id)
        self.settle()

    def _my_chat_member(self, chat: Json, sender: Json, old: str, new: str) -> None:
        body = {"chat": chat, "from": sender, "date": self.now()}
        me = self.bot_user()
        change = {"old_chat_member": member(me, old), "new_chat_member": member(me, new)}
        self.updates.put("my_chat_member", body | change)

    def _service(self, group: Group, sender: Json, **fields: int) -> None:
        body = self.new_body(group.chat(), sender) | fields
        self.keep_message(group.id, Kept(body))
        self._deliver("message", body)


def member(user: Json, status: str) -> Json:
    """Return a ChatMember of the status with all the fields the Bot API gives."""
    more: Json = {"kicked": {"until_date": 0}}.get(status, {})
    if status == "administrator":
        yes = ["can_manage_chat", "can_delete_messages", "can_invite_users", "can_pin_messages"]
        no = [
            "can_be_edited",
            "is_anonymous",
            "can_manage_video_chats",
            "can_restrict_members",
            "can_promote_members",
            "can_change_info",
            "can_post_stories",
            "can_edit_stories",
            "can_delete_stories",
            "can_send_welcome_messages",
        ]
        more = dict.fromkeys(yes, True) | dict.fromkeys(no, False)
    return {"user": user, "status": status} | more
