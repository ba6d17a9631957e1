"""Staff who dial the line: the door behind `*`, and a missed call returned."""
