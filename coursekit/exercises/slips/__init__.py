"""The catalogue of slips by subject: each checker builds its list from it, so what one knows all know."""
