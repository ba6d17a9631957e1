"""Which gap of the rota has the coordinator been alarmed about, and when is the next alarm?"""
