"""What a page may ask of the browser, and who may load what the portal serves."""

from functools import wraps

PERMISSIONS = "Permissions-Policy"
# Nothing that needs a permission is used, but the camera, on the pages that say so.
_NOTHING = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_CAMERA = _NOTHING.replace("camera=()", "camera=(self)")


def uses_camera(view):
    """A decorator for the view of a page that takes a picture."""

    @wraps(view)
    def allowed(*args, **kwargs):
        response = view(*args, **kwargs)
        response[PERMISSIONS] = _CAMERA
        return response

    return allowed


class BrowserPermissionsMiddleware:
    """Ask the browser to refuse what no page uses, and to let no other site load an answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(PERMISSIONS, _NOTHING)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response
