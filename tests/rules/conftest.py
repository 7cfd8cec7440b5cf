from hypothesis import settings

# A slow machine is no failure: the default deadline would fail a property by the clock on the wall.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
