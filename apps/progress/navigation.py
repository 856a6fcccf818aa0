from apps.common.navigation import Entry, Place

ENTRIES = (Entry(Place.MATTERS, 60, "进度查询", "progress:list"),)
