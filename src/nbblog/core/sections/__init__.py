"""Runnable sections: what a cell baked with ``nbblog.interact``, as controls and an answer that need no server."""
