"""What changed for whom, and has everybody been told?"""
