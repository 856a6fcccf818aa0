"""What all calls to other systems over HTTP share."""

import urllib.request


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """Makes a redirect an error.

    A redirect would carry an order, or a phone number and a text, to an address that nobody
    configured.
    """

    def redirect_request(self, *args, **kwargs):
        return None
