"""The renderer: a notebook becomes a post, an article, a page.

Everything in this package is pure: no disk, no clock, no network, no process, no log, and no Jupyter package.
What differs between hosts (where an asset ends up, how a file beside the notebook is read) is passed in as a
function. Hosts call ``read_post``, ``render_article`` and ``render_page``, in that order.
"""
