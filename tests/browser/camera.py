"""A film for Chromium's fake camera (`--use-file-for-fake-video-capture`)."""

import numpy as np

# Chromium's fake device plays the film over and over; a few frames are enough.
FRAMES = 4


def write_y4m(path, image, *, rate=5):
    """Write the RGB `image`, standing still, to `path`; its width and height must be even."""
    ycbcr = np.asarray(image.convert("YCbCr"))
    luma = ycbcr[..., 0]
    halved = [ycbcr[..., channel][::2, ::2] for channel in (1, 2)]
    frame = b"FRAME\n" + b"".join(np.ascontiguousarray(plane) for plane in (luma, *halved))
    header = f"YUV4MPEG2 W{image.width} H{image.height} F{rate}:1 Ip A1:1 C420jpeg\n"
    path.write_bytes(header.encode() + frame * FRAMES)
