"""Room for the frames of a request, in one piece.

CPython keeps the frames of a thread in chunks of 16 KB. It maps a chunk when a call does not fit
into the last one, and gives it back as soon as that call returns. A page goes deeper than that, and
where a loop of its template stands at the end of a chunk, each turn maps and gives back: 400 times
on the page of a case, a quarter of its time.

A frame that asks for more than a chunk gets one of its own, as large as a power of two, and what is
called from it uses the rest. So the frame below a request asks for half of what it wants to have.
Pages of memory that nobody touches cost nothing.
"""

# Words of eight bytes that the frame asks for: a chunk of 256 KB, of which 100 KB are left.
_WORDS = 20_000


def with_room_for_frames(application):
    """The WSGI `application`, which runs above such a frame. Another Python just calls it."""

    def above(environ, start_response):
        return application(environ, start_response)

    above.__code__ = above.__code__.replace(co_stacksize=_WORDS)
    return above
