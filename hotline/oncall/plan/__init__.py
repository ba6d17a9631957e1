"""Who could fill the slots of a month, so that no rule is broken and the load is shared? Mostly pure."""
