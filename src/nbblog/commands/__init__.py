"""The commands of ``nbblog``, a module each, which has the click command ``command``.

What a command does is a function of another module, which JupyterLab calls as well; here are its options, its progress
and what it prints."""
