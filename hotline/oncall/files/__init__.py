"""How does a file of many thousand shifts come in, while callers wait for nothing?"""
