"""How fast is a call answered, compared with the least that any service could do?"""
