"""两步验证: after the password a passkey, or the code of an app. Views and tables are allauth's."""
