"""The pages of customers: search, and one customer with all that they have been through."""

from django.utils.translation import gettext_lazy as _

from regard.webkit.navigation import ENTRIES, Entry

customers = ENTRIES.register(Entry("customers", _("Customers"), part="customers", icon="people", order=30))
