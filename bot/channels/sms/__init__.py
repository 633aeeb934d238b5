"""Citizens by SMS, through a gateway: Kannel's HTTP form or a Twilio-style one."""
