"""The parts of homes, one file each; loading this package makes all of them known.

To add one, say `queue`:

1. `parts/queue.py` registers a `PartKind(key="queue", title=_("My queue"), read=read_queue)`. `read_queue(context)` gets
   the `Context` (who reads and what they may see, the period, the figures) and returns any object, or None: then the part
   is left out. It asks other slices by their `queries` with `context.sight`, metrics by `context.readings`, and the log
   by `context.remember`. It decides nothing about who may see what.
2. `templates/dashboards/parts/queue.html` draws the inside of its card from that object, which is called `part` there;
   `query` is the chosen period in an address. Card and heading are drawn around it; an attribute `hint` of the object
   stands beside the heading.
3. A home names it in `catalogue/<role>.py`, in `first` (above the figures) or in `parts` (below them).

What a part wants in the page's opening sentence it gives by `say`: parts of `first` speak before the figures.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from regard.apps.dashboards.home import PARTS

for module in iter_modules(__path__):
    if module.name != "tests":
        import_module(f"{__name__}.{module.name}")

__all__ = ["PARTS"]
