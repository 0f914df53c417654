"""The pages of intake: sources with their keys, what arrives, and files."""

from django.utils.translation import gettext_lazy as _

from regard.webkit.navigation import ENTRIES, Entry

entry = ENTRIES.register(Entry("sources", _("Sources"), part="operations", icon="key", order=45))
files = ENTRIES.register(Entry("imports", _("Import"), part="imports", icon="upload", order=40))
