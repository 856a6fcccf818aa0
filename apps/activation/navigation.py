from apps.common.navigation import Entry, Place

ENTRIES = (Entry(Place.MATTERS, 30, "启用", "activation:guide"),)
