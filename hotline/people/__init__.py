"""People who answer: volunteers, social workers, coordinators, and the phones they answer on."""
