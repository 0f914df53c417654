"""The pages of customers: search, one customer with all that they have been through, and erasing one for good."""

from django.utils.translation import gettext_lazy as _

from regard.webkit.navigation import ENTRIES, Entry

customers = ENTRIES.register(Entry("customers", _("Customers"), part="customers", icon="people", order=30))
erasing = ENTRIES.register(Entry("erasures", _("Erase a person"), part="operations", icon="shield", order=77))
