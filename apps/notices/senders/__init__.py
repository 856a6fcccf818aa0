"""Adapters of the port in apps.common.messaging, as SMS_SENDER and EMAIL_SENDER name them."""
