"""What lesson 06's claims call their sources; the lesson's list has the full titles."""

IOFFE = "Ioffe & Szegedy 2015"
PADDLE = "PaddlePaddle's course, BN and dropout"
CS231N = "CS231n notes 4"
BN_NOTES = "notes on common algorithms: BN"
