"""CHAT EDGE: read the update, call one action, hand its outcome to messages."""
