"""Places, banks, rules and holidays are about no person."""

WITHOUT = {
    "regions.ArrangedDay": ("year", "day", "kind", "name"),
    "regions.Bank": ("name", "has_nationwide_branches"),
    "regions.CityBank": ("open_from", "open_until", "city", "bank"),
    "regions.ServiceOpening": ("open_from", "open_until", "city", "service"),
    "regions.Province": ("name",),
    "regions.City": ("name", "province", "is_municipality", "seat_code"),
    "regions.County": ("name", "city"),
    "regions.CityRule": (
        "city",
        "valid_from",
        "postage_same_city_fen",
        "postage_same_province_fen",
        "postage_elsewhere_fen",
        "card_fee_fen",
        "produce_days",
        "dispatch_days",
        "collect_days",
        "loss_report_days",
        "is_collected_by_unit",
        "note",
        "created_at",
        "created_by",
    ),
}
