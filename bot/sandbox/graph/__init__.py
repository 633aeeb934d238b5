"""A strict local stand-in for Meta's Graph API: WhatsApp's Cloud API, Messenger and Instagram messages."""
