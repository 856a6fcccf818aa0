"""Adapters of the port in apps.common.messaging, as SMS_SENDER names them."""
