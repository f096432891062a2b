"""Bad input, parallel clients and JSON-2, each with the login of a role."""
