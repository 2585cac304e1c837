"""What depends on time, looked at without the state: where it moves, and how long a step may be so as to see it."""
