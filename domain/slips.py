"""The word at the head of a text put as the commands say it: other words, other script, slips of the voice input."""

HEADS = {"停用": "人员 停用"}
"""What people say for a command at the head of a text."""


def as_meant(text: str) -> str:
    """Return a text with the command's own word at its head, any other text as it is."""
    for said, meant in HEADS.items():
        if text.startswith(said):
            return meant + text.removeprefix(said)
    return text
