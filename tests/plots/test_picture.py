"""What every picture does: kept frame, moved artists, veil, PNG."""

import io

import pytest
from matplotlib.image import imread

from coursekit.plots import Picture


class OneDot(Picture):
    """A number is shown as the place of a dot; a negative one changes the title, thus the frame."""

    size = (2, 1)

    def build(self):
        self.ax = self.figure.add_axes((0, 0, 1, 0.8))
        self.ax.set(xlim=(0, 10), ylim=(0, 2))
        (self.dot,) = self.ax.plot([], [], "ko", ms=10)
        self.moving(self.dot)

    def move(self, result):
        self.dot.set_data([abs(result)], [1])
        title = "negative" if result < 0 else "positive"
        if title == self.ax.get_title():
            return False
        self.ax.set_title(title)
        return True


class Viewer:
    """Draws whenever something has changed, and keeps what is drawn."""

    def __init__(self, picture):
        self.picture, self.frames = picture, []
        picture.follow(self)
        picture.draw()

    def changed(self):
        self.picture.draw()

    def drawn(self, pixels):
        self.frames.append(pixels.copy())

    @property
    def screen(self):
        return self.frames[-1]


def drawn_afresh(result, *, veiled=False):
    picture = OneDot(result)
    picture._veil.set_visible(veiled)
    return Viewer(picture).screen


@pytest.fixture
def full_draws(monkeypatch):
    """A list that grows with every draw of a whole figure."""
    kind, draws = type(OneDot(1).figure.canvas), []
    draw = kind.draw
    monkeypatch.setattr(kind, "draw", lambda canvas: draws.append(1) or draw(canvas))
    return draws


def test_a_move_within_the_frame_is_laid_over_it_and_looks_as_if_drawn_afresh(full_draws):
    viewer = Viewer(OneDot(2))
    viewer.picture.update(7)
    assert len(viewer.frames) == 2
    assert len(full_draws) == 1
    assert (viewer.screen == drawn_afresh(7)).all()
    assert not (viewer.screen == drawn_afresh(2)).all()


def test_another_frame_is_drawn_as_a_whole(full_draws):
    viewer = Viewer(OneDot(2))
    viewer.picture.update(-3)
    assert len(full_draws) == 2
    assert (viewer.screen == drawn_afresh(-3)).all()
    viewer.picture.update(-4)
    assert len(full_draws) == 3, "one of them is that of the fresh picture"
    assert (viewer.screen == drawn_afresh(-4)).all()


def test_nothing_is_drawn_that_is_drawn_already(full_draws):
    viewer = Viewer(OneDot(2))
    viewer.picture.draw()
    assert len(viewer.frames) == len(full_draws) == 1


def test_a_picture_that_nobody_looks_at_is_not_drawn(full_draws):
    picture = OneDot(2)
    picture.update(-3)
    picture.veil()
    assert not full_draws


def test_a_move_that_breaks_off_leaves_no_old_frame():
    viewer = Viewer(OneDot(2))
    viewer.picture.dot.set_data = lambda *data: viewer.picture.ax.set_title("half") and 1 / 0
    with pytest.raises(ZeroDivisionError):
        viewer.picture.update(3)
    del viewer.picture.dot.set_data
    viewer.picture.update(-5)
    viewer.picture.update(3)
    assert (viewer.screen == drawn_afresh(3)).all()


def test_the_veil_greys_all_of_it_until_the_next_result():
    viewer = Viewer(OneDot(2))
    good = viewer.screen
    viewer.picture.veil()
    assert (viewer.screen == drawn_afresh(2, veiled=True)).all()
    ink = good < 128
    assert viewer.screen[ink].min() > 150
    viewer.picture.update(2)
    assert (viewer.screen == good).all()


def test_png_holds_moved_artists_and_the_veil():
    def pixels(picture):
        return imread(io.BytesIO(picture.png()))[..., :3]

    picture = OneDot(2)
    assert pixels(picture).min() == 0, "the dot is black"
    assert (picture.png(), picture._repr_png_()) == (OneDot(2).png(),) * 2
    picture.veil()
    assert 0.6 < pixels(picture).min() < 0.8
    assert all(artist.get_animated() for artist in picture._moving)


def test_a_saved_picture_does_not_spoil_the_one_on_screen():
    viewer = Viewer(OneDot(2))
    viewer.picture.png()
    viewer.picture.update(5)
    assert (viewer.screen == drawn_afresh(5)).all()


def test_a_finer_screen_gets_more_pixels():
    viewer = Viewer(OneDot(2))
    viewer.picture.scale(2)
    assert viewer.screen.shape == (200, 400, 4)
    viewer.picture.update(5)
    assert viewer.screen.shape == (200, 400, 4)
    viewer.picture.scale(1)
    assert (viewer.screen == drawn_afresh(5)).all()


def test_what_is_higher_is_drawn_later():
    picture = OneDot(5)
    other = picture.moving(picture.ax.plot([5], [1], "rs", ms=20, zorder=1)[0])
    centre = (60, 100)
    assert Viewer(picture).screen[centre][:3].tolist() == [0, 0, 0], "the dot lies above the square"
    other.set_zorder(9)
    picture.update(5)
    assert Viewer(picture).screen[centre][:3].tolist() == [255, 0, 0]
