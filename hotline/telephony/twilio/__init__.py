"""Everything that knows Twilio: forms, TwiML, signatures, REST."""
