"""The operations page: what waits, what was set aside, and what came in last."""

from django.utils.translation import gettext_lazy as _

from regard.webkit.navigation import ENTRIES, Entry

operations = ENTRIES.register(Entry("operations", _("Operations"), part="operations", icon="pulse", order=50))
