"""What WhatsApp, Instagram and Messenger share: Meta's Graph API and its one webhook."""
