"""What columns are usually called, in English and the other languages of our users."""

from __future__ import annotations

import re

# Standard name -> patterns of the usual names, written small with underscores. The first match wins.
USUAL_NAMES = {
    "message_id": r"(message|event|row|record|transaction)_?(id|uuid)|uuid|guid|id",
    "customer_email": r"(customer_|user_|contact_)?e_?mail(_address)?|adres_e_?mail|почта|эл_?почта|email_?πελάτη|էլ_?փոստ",
    "customer_phone": r"(customer_|contact_)?(phone|mobile|telephone|tel|cell)(_?(number|no))?|telefon|телефон|τηλέφωνο|κινητό|հեռախոս",
    "customer": r"(customer|client|user|member|subscriber|passenger|patient|buyer|guest|klient|pelatis|клиент|πελάτης|հաճախորդ)_?(id|no|nr|num|number|key|code|uuid)?",
    "account": r"(account|company|organi[sz]ation|household)_?(id|no|number|key)?",
    "thread": r"(order|invoice|ticket|case|complaint|service_request|request|session|conversation|call|response|booking|parcel|resp|respondent)_?(id|no|nr|num|number|key)|respnum|zamówienie|заказ|παραγγελία",
    "text": r"(customer_|consumer_)?(comments?|feedback|reviews?|verbatim|complaint|remarks?|opinion)(_?(text|body|narrative))?|consumer_complaint_narrative|review_(text|body)|komentarz|uwagi|комментарий|отзыв|σχόλι[αο]|մեկնաբանություն",
    "currency": r"(currency|ccy|curr)(_?code)?|waluta|валюта|νόμισμα|արժույթ",
    "amount": r"(order_|total_|net_|gross_|invoice_)?(amount|total|revenue|sum|turnover)(_?(value|eur|usd|gbp|pln|rub|amd))?|order_value|total_?charges|kwota|wartość|сумма|ποσό|գումար",
    "channel": r"(contact_|sales_)?channel|submitted_via|medium|kanał|канал|κανάλι",
    "touchpoint": r"touch_?point|journey_(stage|step)",
    "unit": r"store|shop|branch|department|business_?unit|sklep|oddział|магазин|филиал|κατάστημα|խանութ",
    "agent": r"agent|employee|operator|representative|(agent|employee|operator)_?(id|name)|assigned_to|handled_by",
    "duration_seconds": r"(handle|handling|talk|call)_?(time|duration)(_?(s|sec|secs|seconds))?|duration(_?(s|sec|secs|seconds))",
    "wait_seconds": r"(wait|waiting|queue|hold)_?(time)?_?(s|sec|secs|seconds)",
    "weight": r"(survey_|response_|case_)?weight|waga|вес",
    "language": r"lang|language|locale|język|язык|γλώσσα",
    "kind": r"event(_?(name|type))?|action|interaction_?type|activity",
}
TIME_NAMES = (
    r"occurred|event_?(time|date)|timestamp|time_?stamp",
    r"(created|requested|opened|received|submitted|answered|placed|order(ed)?|invoice|purchase|interview|survey|response|call)_?(at|on|date|time|datetime|_?ts)?|date_(received|opened|created|requested|ordered)",
    r"date|datetime|time|when|data|дата|ημερομηνία|ամսաթիվ",
    r".*(date|_at|_on|time)",
)
SCORES = {
    "nps": r"nps(_?(score|rating))?|net_?pro(moter)?(_?score)?|(likely|likelihood)_?to_?recommend|ltr|would_?recommend|recommendation",
    "csat": r"csat(_?(score|rating))?|customer_satisfaction(_?score)?",
    "ces": r"ces(_?(score|rating))?|customer_effort(_?score)?",
}
RATINGS = r".*(rating|score|stars?|satisfaction|effort|grade|ocena|оценка|βαθμολογία|գնահատական)"
PRICE = r"(unit_?|item_?|net_?)?price(_?(each|per_unit))?|cena(_jednostkowa)?|цена|τιμή(_μονάδας)?|գին"
QUANTITY = r"quantity|qty|units|pieces|n_?items|ilość|количество|кол_во|ποσότητα|քանակ"
BATTERY = re.compile(r"(?P<stem>[A-Za-z]{1,4}_?\d{1,3})[_. ]?(?P<item>[A-Za-z].*|\d{1,2})$")


def plain_name(name: str) -> str:
    """A column's name in small letters with underscores.

    >>> plain_name("Date received"), plain_name("InvoiceNo"), plain_name("customerID")
    ('date_received', 'invoice_no', 'customer_id')
    """
    spaced = re.sub(r"(?<=[a-zα-ωа-я])(?=[A-ZΑ-ΩА-Я])", "_", name.strip())
    return re.sub(r"[^\w]+", "_", spaced).strip("_").lower()


def metric_named(column: str) -> str | None:
    """The standard metric that a column is called after: by one of its usual names, or by a word of its own.

    >>> metric_named("Likely to recommend"), metric_named("ocena NPS"), metric_named("incest")
    ('nps', 'nps', None)
    """
    name = plain_name(column)
    exact = [metric for metric, pattern in SCORES.items() if re.fullmatch(pattern, name)]
    words = [metric for metric in SCORES if metric in name.split("_")]
    return next(iter(exact or words), None)
