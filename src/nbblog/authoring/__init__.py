"""The author's side of runnable sections: controls in the notebook, and answers computed beforehand for the page."""
