"""What a member opens a case about: a customer, and one interaction of theirs or none."""

from __future__ import annotations

from dataclasses import dataclass

from regard.apps.cases import services
from regard.apps.cases.services import Origin
from regard.apps.customers.queries import customer_of, timeline_ids
from regard.apps.customers.timeline import Moment, find_moment, list_seen
from regard.apps.organisation.models import Member
from regard.apps.organisation.policy import Sight
from regard.kernel.ids import LARGEST
from regard.webkit.hub import hub


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what a case is about."""

    customer_id: int
    moment: Moment | None


def find_about(customer_id: int, interaction_id: str, *, sight: Sight) -> About | None:
    """The customer and, where one is named, the interaction; None where `sight` does not reach them."""
    known = customer_of(customer_id) if 0 <= customer_id < LARGEST else None
    if known is None:
        return None
    identities = timeline_ids(known)
    log = hub()
    log.refresh()
    with log.cursor() as cursor:
        if sight.units is not None and not list_seen(cursor, identities, sight):
            return None
        if not interaction_id:
            return About(known, None)
        moment = find_moment(cursor, identities, sight, interaction_id.lower())
    return None if moment is None else About(known, moment)


def open_about(about: About, *, by: Member, title: str, owner_id: int | None, note: str) -> int:
    """Open a case about it, in the unit of the interaction or else of the member; returns its id.

    Raises: InvalidInput, as `services.open_case`.
    """
    moment = about.moment
    return services.open_case(
        identity_id=moment.identity_id if moment else about.customer_id,
        unit=(moment.unit if moment else None) or by.unit_id,
        title=title,
        origin=None if moment is None else _origin(moment),
        opened_by=by.pk,
        owner_id=owner_id,
        note=note,
    )


def _origin(moment: Moment) -> Origin:
    return Origin(
        interaction_id=moment.interaction_id,
        source=moment.source,
        thread=moment.thread,
        metric=moment.metric,
        score=moment.score,
        channel=moment.channel,
        touchpoint=moment.touchpoint,
        words=moment.text,
        language=moment.language,
    )
