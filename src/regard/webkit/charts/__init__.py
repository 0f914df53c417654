"""Charts drawn on the server as SVG, one file per kind; words and numbers beside them are HTML, so they never shrink."""
