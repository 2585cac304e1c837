"""Pictures: the only room that loads matplotlib, when something is drawn; no pyplot, so nothing global changes."""
