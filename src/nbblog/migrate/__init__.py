"""Posts of other blogs become notebooks of this one. What is read is never changed.

Markdown of Jekyll, Hugo, Quarto, MyST, Pelican and Nikola; notebooks of fastpages, nbdev, Pelican and Nikola; text.
"""
