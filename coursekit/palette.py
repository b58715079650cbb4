"""The colours of the course, in pictures and in words beside them. One colour has one meaning.

Okabe and Ito's palette: told apart with every common kind of colour blindness.
"""

BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
YELLOW = "#C9B500"  # theirs darkened, to stand on white
GREY = "#8A8A8A"
INK = "#222222"
DARK_ORANGE = "#B57700"  # ORANGE, dark enough for text

RIGHT, WRONG = GREEN, VERMILION  # an answer to an exercise or a prediction
