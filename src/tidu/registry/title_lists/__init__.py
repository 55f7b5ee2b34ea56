"""Recognition lists of names: match, let a person decide, record, undo."""
