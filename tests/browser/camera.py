"""A film for Chromium's fake camera (`--use-file-for-fake-video-capture`)."""

import numpy as np

from tests.chromium import find_chromium

# Chromium's fake device plays the film over and over; a few frames are enough.
FRAMES = 4


def write_y4m(path, image, *, rate=5):
    """Write a film of the RGB `image` to `path`. Its width and height must be even."""
    ycbcr = np.asarray(image.convert("YCbCr"))
    luma = ycbcr[..., 0]
    halved = [ycbcr[..., channel][::2, ::2] for channel in (1, 2)]
    frame = b"FRAME\n" + b"".join(np.ascontiguousarray(plane) for plane in (luma, *halved))
    header = f"YUV4MPEG2 W{image.width} H{image.height} F{rate}:1 Ip A1:1 C420jpeg\n"
    path.write_bytes(header.encode() + frame * FRAMES)


def launch_with(chromium, film):
    """Another browser like `chromium`, whose camera shows the file `film`."""
    return chromium.browser_type.launch(
        executable_path=find_chromium(),
        args=[
            "--no-sandbox",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ],
    )
