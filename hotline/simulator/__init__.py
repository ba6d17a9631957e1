"""A pretend telephone exchange that speaks Twilio's HTTP with the real service."""
