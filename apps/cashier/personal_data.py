"""The sandbox cashier plays the payment platform: orders and amounts, no people."""

WITHOUT = {
    "cashier.SandboxTrade": (
        "token",
        "trade_number",
        "app_id",
        "order_number",
        "amount_fen",
        "subject",
        "notify_url",
        "return_url",
        "quit_url",
        "trade_status",
        "created_at",
        "expires_at",
        "paid_at",
        "refuses_refund",
        "refund_number",
        "refunded_fen",
        "refunded_at",
    ),
    "cashier.SandboxNotice": (
        "trade",
        "fields",
        "tries",
        "next_try_at",
        "delivered_at",
        "last_error",
    ),
}
