"""Black-box tests: they talk to a running server and import nothing of the addons."""
