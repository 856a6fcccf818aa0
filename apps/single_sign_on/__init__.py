"""统一身份认证: signing in through the university, by CAS (protocol 3) or OpenID Connect."""
