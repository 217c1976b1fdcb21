"""Custom actions: one per file, each thin. They read the tracker, call `bot`, say the replies and return events."""
