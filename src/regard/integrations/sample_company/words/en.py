from regard.integrations.sample_company.words.comments import SENTIMENTS, TOPICS, Bank

BANK: Bank = {(t, s): ((f"{t} {s}.",), ("",)) for t in TOPICS for s in SENTIMENTS}
