"""What people read of a request while they wait: where it stands, who acts now, and until when.

Everything is worked out from the request, its events and the promises when it is read.
"""
