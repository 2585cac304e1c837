"""Pictures: the only room that loads matplotlib, when something is drawn; no pyplot, so nothing global changes.

Here may live axes, colours and files of pictures. What is drawn comes as arrays with labels.
"""
