"""Files that were brought and not taken in: nobody has read them yet, so nobody can say whom they name."""

from __future__ import annotations

from regard.apps.customers.holders import HOLDERS, Holder, Scope
from regard.apps.intake.importing.uploads import discard_upload
from regard.apps.intake.models import FileImport


def erase(scope: Scope) -> int:
    """Forget all of them, whoever is to be erased: their owners still have the originals. Returns how many."""
    ids = list(FileImport.objects.filter(state="draft").values_list("pk", flat=True))
    for import_id in ids:
        discard_upload(import_id)
    return len(ids)


def count(scope: Scope) -> int:
    """How many there are of those that stood there when the erasure began: they are gone after `erase`."""
    return 0


HOLDERS.register(Holder("files", erase, count))
