"""Papers in an editor: what `modeflow check` says, while they are written."""
