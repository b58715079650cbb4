"""Pictures of one's own: what is read, and what gets a sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from coursekit.datasets import load_picture, pictures


def packed(picture, kind="PNG", **how):
    with io.BytesIO() as file:
        picture.save(file, kind, **how)
        return file.getvalue()


def drawn(mode="L", size=(56, 56)):
    """White, with a black rectangle over the left half."""
    values = np.full(size[::-1], 255, np.uint8)
    values[10:-10, 10 : size[0] // 2] = 0
    return Image.fromarray(values).convert(mode)


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P", "1", "LA", "CMYK"])
def test_every_usual_mode_is_read_dark_turned_bright(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    values = load_picture(packed(drawn(mode), kind))
    assert values.shape == (28, 28)
    assert values.dtype == np.float32
    assert values[14, 8] == pytest.approx(1, abs=0.05)
    assert values[14, 22] == pytest.approx(0, abs=0.05)


def test_a_file_and_a_jpeg(tmp_path):
    path = tmp_path / "mine.jpg"
    path.write_bytes(packed(drawn("RGB"), "JPEG"))
    np.testing.assert_allclose(load_picture(path, 14), load_picture(packed(drawn()), 14), atol=0.05)
    assert load_picture(str(path)).shape == (28, 28)


def test_the_middle_square_is_taken_and_averaged():
    values = np.zeros((28, 84), np.uint8)
    values[:, 28:56] = np.arange(28 * 28).reshape(28, 28) % 200
    read = load_picture(packed(Image.fromarray(values)), dark_on_light=False)
    np.testing.assert_array_equal(np.rint(255 * read), values[:, 28:56])
    halved = load_picture(packed(Image.fromarray(values)), 14, dark_on_light=False)
    by_hand = values[:, 28:56].reshape(14, 2, 14, 2).mean(axis=(1, 3)) / 255
    np.testing.assert_allclose(halved, by_hand, atol=1 / 255)


def test_what_is_transparent_is_ground():
    values = np.zeros((30, 30, 4), np.uint8)
    values[10:20, 10:20, 3] = 255
    read = load_picture(packed(Image.fromarray(values)), 30)
    assert read[15, 15] == 1
    assert read[2, 2] == 0


def test_sixteen_bits_animated_and_other_kinds_get_a_sentence():
    deep = Image.fromarray(np.zeros((30, 30), np.uint16))
    with pytest.raises(ValueError, match="16 bits"):
        load_picture(packed(deep))
    two = packed(drawn(), save_all=True, append_images=[drawn().rotate(90)])
    with pytest.raises(ValueError, match="holds 2 pictures"):
        load_picture(two)
    with pytest.raises(ValueError, match="is a GIF"):
        load_picture(packed(drawn(), "GIF"))


@pytest.mark.parametrize("data", [b"", b"hello", b"\x89PNG\r\n\x1a\n", b"%PDF-1.7"])
def test_what_is_no_picture_gets_a_sentence(data):
    with pytest.raises(ValueError, match=r"no picture that can be read"):
        load_picture(data)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_file_cut_off_gets_a_sentence(kind):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 200), dtype=np.uint8))
    data = packed(noise, kind)
    with pytest.raises(ValueError, match="broken or cut off"):
        load_picture(data[: len(data) // 2])


def test_broken_in_the_middle_gets_a_sentence():
    data = bytearray(packed(drawn()))
    at = data.index(b"IDAT") + 6
    data[at : at + 8] = b"\xff" * 8
    with pytest.raises(ValueError, match=r"broken|can be read"):
        load_picture(bytes(data))


def header(width, height):
    """A PNG that says it is huge and holds nothing."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    ihdr = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", ihdr)
        + chunk(b"IDAT", zlib.compress(b"0"))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [7000, 11_000, 60_000])
def test_a_huge_one_gets_a_sentence_before_it_is_unpacked(side):
    with pytest.raises(ValueError, match="at most 40 million"):
        load_picture(header(side, side))


def test_a_large_file_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    path = tmp_path / "large.png"
    path.write_bytes(b"x" * 101)
    for source in (path, b"x" * 101):
        with pytest.raises(ValueError, match="save it smaller"):
            load_picture(source)


def test_other_arguments_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no picture"):
        load_picture(tmp_path / "none.png")
    with pytest.raises(ValueError, match="7 to 1,000"):
        load_picture(packed(drawn()), 3)
    with pytest.raises(TypeError):
        load_picture(17)
    with pytest.raises(TypeError, match="dark_on_light"):
        load_picture(packed(drawn()), dark_on_light="yes")
