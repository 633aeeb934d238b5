"""Citizens on Matrix, through any homeserver's client-server API."""
