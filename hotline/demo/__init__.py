"""The whole service on one machine: with a pretend exchange, without Twilio, a phone or an account."""
