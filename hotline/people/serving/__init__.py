"""On what terms does everybody serve: kept, imported from files, written down when changed?"""
