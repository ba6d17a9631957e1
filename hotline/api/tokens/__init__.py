"""By which secret does a program or a person ask, as whom, and for how long?"""
