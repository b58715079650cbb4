"""A control whose value is a stack of layers: add, remove, move; or start from a finished one."""

from collections.abc import Iterable

import ipywidgets as widgets
import traitlets

from coursekit.explorers import controls


class LayerStack(widgets.VBox, widgets.ValueWidget):
    """Buttons that change a stack of layers, written as names with spaces between.

    Parameters
    ----------
    label : str
    kinds : iterable of (str, str)
        The words on a button that adds a layer, and the layer's name.
    options : iterable of (str, str)
        The words on a button that puts a whole stack there, and the stack.
    at : IntSlider
        Which layer is meant, counted from 0: a new one comes after it, and it moves along.
    most : int
        Layers of a stack.
    """

    value = traitlets.Unicode()
    description = traitlets.Unicode()
    disabled = traitlets.Bool(False)

    def __init__(
        self,
        label: str,
        kinds: Iterable[tuple[str, str]],
        options: Iterable[tuple[str, str]],
        at: widgets.IntSlider,
        most: int,
    ):
        self.options = tuple(options)
        self._at, self._most = at, most
        self._whole = controls.choice(label, self.options, button="96px")
        self._add = [self._button(words, self._adder(kind)) for words, kind in kinds]
        self._change = [
            self._button("remove", self._remove),
            self._button("move up", lambda _: self._move(-1)),
            self._button("move down", lambda _: self._move(1)),
        ]
        flow = widgets.Layout(flex_flow="row wrap", align_items="center")
        super().__init__(
            [
                widgets.HBox([self._whole, *self._change], layout=flow),
                widgets.HBox([widgets.Label("add after it"), *self._add], layout=flow),
            ],
            description=label,
            value=self.options[0][1],
        )
        self._whole.observe(self._take_whole, names="value")
        self.observe(self._follow, names="value")
        self._follow()

    def _button(self, words, act):
        button = widgets.Button(description=words, tooltip=words, layout=widgets.Layout(width="auto"))
        button.on_click(act)
        return button

    @property
    def layers(self) -> list[str]:
        """The names, one by one."""
        return self.value.split()

    def _place(self):
        return min(self._at.value, len(self.layers) - 1)

    def _adder(self, kind):
        def add(_):
            layers, place = self.layers, self._place()
            if len(layers) < self._most:
                self.value = " ".join([*layers[: place + 1], kind, *layers[place + 1 :]])
                self._at.value = place + 1

        return add

    def _remove(self, _):
        layers, place = self.layers, self._place()
        if len(layers) > 1:
            self.value = " ".join([*layers[:place], *layers[place + 1 :]])
            self._at.value = max(place - 1, 0)

    def _move(self, by):
        layers, place = self.layers, self._place()
        to = place + by
        if 0 <= to < len(layers):
            layers[place], layers[to] = layers[to], layers[place]
            self.value = " ".join(layers)
            self._at.value = to

    def _take_whole(self, change):
        if change["new"] is not None:
            self.value = change["new"]

    def _follow(self, change=None):
        """Show which whole stack this is, if any; what cannot be done now is greyed."""
        stacks = [stack for _, stack in self.options]
        self._whole.value = self.value if self.value in stacks else None
        for button in self._add:
            button.disabled = len(self.layers) >= self._most
        self._change[0].disabled = len(self.layers) <= 1
