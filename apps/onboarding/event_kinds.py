"""Reminders in the book of events: each is about a person, and concerns that person."""

from apps.events.kinds import EventKind, register
from apps.onboarding.enums import ReminderAction

REMINDER = register(EventKind("reminder", "提醒", ReminderAction))
