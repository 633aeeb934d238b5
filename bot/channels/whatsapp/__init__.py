"""Citizens on WhatsApp, through the Cloud API."""
