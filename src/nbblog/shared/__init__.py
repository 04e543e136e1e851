"""What turns a Python result into parts of a page, in the author's kernel and in the reader's browser alike.

The standard library only, and relative imports only: the folder is copied into the browser's Python as the package
``nbblog_shared``.
"""
