"""How did somebody's phone fare when it rang, who may read it, and when is it forgotten?"""
