"""Properties are not timed here: on a busy machine a first example can take long without being wrong."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
