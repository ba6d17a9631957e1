"""Who said that they cannot, or was not heard, and who has taken their shift from them?"""
