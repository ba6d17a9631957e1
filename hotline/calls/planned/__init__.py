"""Whom must a call not forget, although their shift has ended since it came in?"""
