"""The local chat against the Bot API's rules, read by independent clients."""
