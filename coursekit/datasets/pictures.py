"""A picture of one's own, as the grey values that the course's nets and explorers take."""

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, UnidentifiedImageError

from coursekit.datasets.files import as_path
from coursekit.nn import checks

FORMATS = ("PNG", "JPEG")
MOST_BYTES = 20_000_000
MOST_PIXELS = 40_000_000


def load_picture(
    source: str | Path | bytes, size: int = 28, *, dark_on_light: bool | None = None
) -> np.ndarray:
    """Read a PNG or JPEG file as grey values, with the subject bright on black as in Fashion-MNIST.

    The picture is cut to its middle square, made smaller by averaging, and turned round if it shows
    something dark on a light ground. What is transparent counts as ground.

    Parameters
    ----------
    source : str, Path or bytes
        A file, or what is in it.
    size : int
        Pixels along each side, 7 to 1,000.
    dark_on_light : bool, optional
        Whether the grey values are turned round. Left out, they are if the border is lighter than ½.

    Returns
    -------
    ndarray of float32, shape (size, size)
        0 (ground) to 1.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError, ValueError
        If it is no PNG or JPEG, is broken or cut off, holds several pictures (animated), 16 bits a pixel,
        or more than 40 million pixels or 20 MB.
    """
    if not 7 <= checks.positive_int("size", size) <= 1000:
        raise ValueError(f"size must be from 7 to 1,000 pixels; got {size}.")
    if dark_on_light is not None:
        checks.flag("dark_on_light", dark_on_light)
    grey = _middle_square(_decode(_read(source))).resize((size, size), Image.Resampling.BOX)
    values = np.asarray(grey, dtype=np.float32) / 255
    border = np.concatenate([values[0], values[-1], values[:, 0], values[:, -1]])
    turned = bool(np.median(border) > 0.5) if dark_on_light is None else dark_on_light
    return np.float32(1) - values if turned else values


def _read(source):
    """Return the file's content."""
    if isinstance(source, bytes | bytearray):
        data = bytes(source)
    else:
        path = as_path(source)
        if not path.is_file():
            raise FileNotFoundError(f"there is no picture {path}: give the path of a PNG or JPEG file.")
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(_too_large(path.stat().st_size))
        data = path.read_bytes()
    if len(data) > MOST_BYTES:
        raise ValueError(_too_large(len(data)))
    return data


def _too_large(size):
    return f"the file has {size / 1e6:.0f} MB; at most {MOST_BYTES // 10**6} are read: save it smaller."


def _decode(data):
    """Return the picture in grey, 8 bits a pixel."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # its size is looked at below
        try:
            picture = Image.open(io.BytesIO(data))
        except Image.DecompressionBombError:
            raise ValueError(_too_many("hundreds of millions of")) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
            raise ValueError("this is no picture that can be read: save it as PNG or JPEG.") from None
    if picture.format not in FORMATS:
        raise ValueError(
            f"the picture is a {picture.format}; PNG and JPEG are read: save it as one of them."
        )
    if picture.width * picture.height > MOST_PIXELS:
        raise ValueError(_too_many(f"{picture.width} × {picture.height}"))
    if getattr(picture, "n_frames", 1) > 1:
        raise ValueError(f"the file holds {picture.n_frames} pictures (it is animated): save one of them.")
    if picture.mode.startswith(("I", "F")):
        raise ValueError("the picture has 16 bits a pixel or more: save it with 8.")
    try:
        picture.load()
    except (OSError, ValueError, SyntaxError, EOFError):
        raise ValueError("the picture is broken or cut off: save or copy it once more.") from None
    return _on_white(picture).convert("L")


def _too_many(pixels):
    most = MOST_PIXELS // 10**6
    return f"the picture has {pixels} pixels; at most {most} million are read: make it smaller."


def _on_white(picture):
    """Return the picture with white where it is transparent."""
    if "A" not in picture.getbands() and "transparency" not in picture.info:
        return picture
    picture = picture.convert("RGBA")
    ground = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(ground, picture)


def _middle_square(picture):
    """Return the largest square in the middle."""
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))
