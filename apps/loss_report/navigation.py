from apps.common.navigation import Entry, Place

ENTRIES = (Entry(Place.MATTERS, 50, "临时挂失", "loss_report:guide"),)
