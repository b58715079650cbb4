"""Frames on their way to the browser: one at a time, the newest, complete, and the last one always."""

import io
import threading
import time

import numpy as np
import pytest
from PIL import Image

from coursekit.explorers.delivery import Delivery


def frame(grey):
    """A small picture of one colour, by which a frame is recognized."""
    return np.full((3, 5, 4), (grey, grey, grey, 255), np.uint8)


class Wire:
    """Notes what is sent: a list of (view, number, grey)."""

    def __init__(self):
        self.sent = []
        self.broken = None

    def __call__(self, view, number, data, shape):
        if self.broken:
            raise self.broken
        pixels = np.array(Image.open(io.BytesIO(data)))
        assert pixels.shape == (*shape, 4)
        self.sent.append((view, number, int(pixels[0, 0, 0])))

    def wait_for(self, count, seconds=5):
        """Wait until so many frames were sent."""
        end = time.monotonic() + seconds
        while len(self.sent) < count and time.monotonic() < end:
            time.sleep(0.005)
        return self.sent


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def delivery(wire):
    delivery = Delivery(wire)
    yield delivery
    delivery.close()


def test_a_view_that_appears_gets_the_newest_frame(wire, delivery):
    delivery.offer(frame(1))
    delivery.offer(frame(2))
    assert wire.sent == []
    delivery.hello("a")
    assert wire.sent == [("a", 2, 2)]


def test_a_view_that_appears_before_any_frame_gets_the_first(wire, delivery):
    delivery.hello("a")
    assert wire.sent == []
    delivery.offer(frame(7))
    assert wire.sent == [("a", 1, 7)]


def test_one_frame_is_under_way_and_then_the_newest(wire, delivery):
    delivery.hello("a")
    for grey in range(1, 60):
        delivery.offer(frame(grey))
    assert wire.sent == [("a", 1, 1)]
    delivery.acknowledge("a", 1)
    assert wire.sent == [("a", 1, 1), ("a", 59, 59)]
    delivery.acknowledge("a", 59)
    assert len(wire.sent) == 2


def test_the_frame_sent_is_the_one_that_was_offered(wire, delivery):
    """The buffer it came in may have been drawn over since."""
    delivery.hello("a")
    buffer = frame(1)
    delivery.offer(buffer)
    buffer[:] = 2
    delivery.offer(buffer)
    buffer[:] = 99
    delivery.acknowledge("a", 1)
    assert wire.sent[-1] == ("a", 2, 2)


def test_a_frame_is_encoded_once_for_all_views_and_not_at_all_if_skipped(wire, delivery, monkeypatch):
    from coursekit.explorers import png

    encoded, encode = [], png.encode
    monkeypatch.setattr(
        png, "encode", lambda pixels: encoded.append(int(pixels[0, 0, 0])) or encode(pixels)
    )
    delivery.hello("a")
    delivery.hello("b")
    for grey in (1, 2, 3):
        delivery.offer(frame(grey))
    delivery.acknowledge("a", 1)
    delivery.acknowledge("b", 1)
    assert encoded == [1, 3]


def test_each_view_goes_at_its_own_speed(wire, delivery):
    delivery.hello("slow")
    delivery.hello("fast")
    delivery.offer(frame(1))
    for grey in range(2, 6):
        delivery.acknowledge("fast", grey - 1)
        delivery.offer(frame(grey))
    assert [number for view, number, _ in wire.sent if view == "fast"] == [1, 2, 3, 4, 5]
    assert [number for view, number, _ in wire.sent if view == "slow"] == [1]
    delivery.acknowledge("slow", 1)
    assert wire.sent[-1] == ("slow", 5, 5)


def test_a_view_that_has_gone_is_not_waited_for_nor_served(wire, delivery):
    delivery.hello("a")
    delivery.hello("b")
    delivery.offer(frame(1))
    delivery.bye("a")
    delivery.acknowledge("b", 1)
    delivery.offer(frame(2))
    assert wire.sent == [("a", 1, 1), ("b", 1, 1), ("b", 2, 2)]
    delivery.bye("b")
    assert not delivery.is_watched()
    delivery.acknowledge("b", 2)  # word that was still under way
    assert not delivery.is_watched()


def test_a_lost_frame_is_sent_again_and_it_is_the_newest(wire, delivery):
    delivery.PATIENCE = 0.05
    delivery.hello("a")
    delivery.offer(frame(1))
    delivery.offer(frame(2))
    assert wire.wait_for(2) == [("a", 1, 1), ("a", 2, 2)]
    delivery.acknowledge("a", 2)
    time.sleep(0.2)
    assert len(wire.sent) == 2


def test_the_last_frame_is_sent_again_too_with_nothing_after_it(wire, delivery):
    delivery.PATIENCE = 0.05
    delivery.hello("a")
    delivery.offer(frame(1))
    assert wire.wait_for(3)[:3] == [("a", 1, 1)] * 3


def test_a_view_that_stays_silent_is_forgotten_and_may_come_back(wire, delivery):
    delivery.PATIENCE, delivery.TRIES = 0.01, 2
    delivery.hello("a")
    delivery.offer(frame(1))
    wire.wait_for(3)
    end = time.monotonic() + 5
    while delivery.knows("a") and time.monotonic() < end:
        time.sleep(0.005)
    assert not delivery.is_watched()
    delivery.offer(frame(2))
    assert wire.sent == [("a", 1, 1)] * 3
    delivery.hello("a", shown=1)
    assert wire.sent[-1] == ("a", 2, 2)


def test_patience_grows_and_word_from_the_view_restores_it(wire, delivery):
    delivery.PATIENCE = 0.05
    delivery.hello("a")
    delivery.offer(frame(1))
    start = time.monotonic()
    wire.wait_for(4)
    assert time.monotonic() - start > (1 + 2 + 4) * 0.05 - 0.01
    assert delivery._views["a"].tries == 3
    delivery.acknowledge("a", 1)
    assert delivery._views["a"].tries == 0


def test_word_of_an_older_frame_does_not_open_the_gate(wire, delivery):
    """After a frame was sent again, word of the first comes late: the second is still under way."""
    delivery.PATIENCE = 0.05
    delivery.hello("a")
    delivery.offer(frame(1))
    delivery.offer(frame(2))
    wire.wait_for(2)
    delivery.PATIENCE = 60
    delivery.offer(frame(3))
    delivery.acknowledge("a", 1)
    assert wire.sent == [("a", 1, 1), ("a", 2, 2)]
    delivery.acknowledge("a", 2)
    assert wire.sent[-1] == ("a", 3, 3)


def test_asking_again_while_the_answer_is_under_way_sends_nothing_twice(wire, delivery):
    delivery.offer(frame(1))
    delivery.hello("a")
    delivery.hello("a")
    assert len(wire.sent) == 1
    delivery.acknowledge("a", 1)
    delivery.hello("a", shown=1)
    assert len(wire.sent) == 1


def test_a_browser_that_lost_its_canvas_gets_the_same_frame_again(wire, delivery):
    delivery.offer(frame(1))
    delivery.hello("a")
    delivery.acknowledge("a", 1)
    delivery.hello("a", shown=0)
    assert wire.sent == [("a", 1, 1), ("a", 1, 1)]


def test_a_failed_send_is_made_up_for(wire, delivery):
    delivery.PATIENCE = 0.05
    delivery.hello("a")
    wire.broken = OSError("the socket is closed")
    delivery.offer(frame(1))
    wire.broken = None
    assert wire.wait_for(1)[0] == ("a", 1, 1)


def test_an_interrupted_send_is_passed_on_and_made_up_for(wire, delivery):
    delivery.PATIENCE = 0.05
    delivery.hello("a")
    wire.broken = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        delivery.offer(frame(1))
    wire.broken = None
    assert wire.wait_for(1)[0] == ("a", 1, 1)


def test_once_closed_nothing_is_sent_and_no_thread_is_left(wire, delivery):
    before = threading.active_count()
    delivery.hello("a")
    delivery.offer(frame(1))
    delivery.close()
    delivery.offer(frame(2))
    delivery.acknowledge("a", 1)
    delivery.hello("b")
    assert wire.sent == [("a", 1, 1)]
    assert delivery.newest() == b""
    end = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.005)
    assert threading.active_count() <= before


def test_many_threads_end_at_the_last_frame(wire, delivery):
    """Frames from two threads, word from a third: never two under way, and the last one arrives."""
    delivery.hello("a")
    done = threading.Event()

    def answer():
        told = 0
        while not (done.is_set() and told == len(wire.sent)):
            if told < len(wire.sent):
                assert len(wire.sent) == told + 1
                told += 1
                delivery.acknowledge("a", wire.sent[-1][1])

    browser = threading.Thread(target=answer)
    browser.start()
    drawers = [
        threading.Thread(target=lambda: [delivery.offer(frame(9)) for _ in range(200)]) for _ in "ab"
    ]
    for thread in drawers:
        thread.start()
    for thread in drawers:
        thread.join()
    done.set()
    browser.join(10)
    assert wire.sent[-1][1] == 400
