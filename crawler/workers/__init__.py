"""The worker processes: what the reactor's process must never do, parsing and packing, is done there."""
