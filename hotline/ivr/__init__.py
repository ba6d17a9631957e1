"""What is heard and pressed: flows as tables, run by a pure engine."""
