"""The four original files from a mirror, kept in the user's cache: all that needs a network."""

import sys
from pathlib import Path

from coursekit.datasets.files import as_path
from coursekit.datasets.published import ELSEWHERE, FILES, MIRROR, PACKED_SHA256


def fetch_fashion_mnist(
    cache: str | Path | None = None, *, base_url: str = MIRROR, progress: bool = True
) -> Path:
    """Download the four original files, some 31 MB, unless the cache has them already.

    Each file goes to a temporary name first and gets its own name once its SHA-256 is right, so
    a failed download leaves nothing behind. Over plain HTTP the checksum is what proves the file.

    Parameters
    ----------
    cache : str or Path, optional
        Folder for the files; by default ``coursekit`` in the user's cache folder.
    base_url : str
        Address of a folder that holds the four .gz files as Zalando packed them.
    progress : bool
        Whether to show the progress of each file on standard error, below pooch's own log line.

    Returns
    -------
    Path
        The cache folder, to be passed to `fashion_mnist_full`.

    Raises
    ------
    ConnectionError
        If the server is out of reach, has no such file or breaks off.
    ValueError
        If `base_url` is no web address, or a file is not the one that Zalando packed.
    """
    if not isinstance(base_url, str) or not base_url.startswith(("http://", "https://")):
        raise ValueError(
            f"base_url should begin with http:// or https://; got {base_url!r}. "
            "Files already on this machine are read by fashion_mnist_full(folder)."
        )
    import pooch
    from requests.exceptions import RequestException

    folder = as_path(pooch.os_cache("coursekit") if cache is None else cache)
    for field, name in FILES.items():
        url, known = f"{base_url.rstrip('/')}/{name}.gz", f"sha256:{PACKED_SHA256[field]}"
        bar = _Progress(name) if progress else False
        downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=1 << 16)
        try:
            pooch.retrieve(url, known, f"{name}.gz", folder, downloader=downloader)
        except RequestException as error:
            raise ConnectionError(
                f"Expected to download {url}; it did not come whole: {error}. Nothing of it was "
                f"kept. Try again, or give another base_url. {ELSEWHERE}"
            ) from error
        except ValueError as error:
            raise ValueError(
                f"{url} is not the original file: {error} Try again, or give another base_url. {ELSEWHERE}"
            ) from error
    return folder


class _Progress:
    """Progress of one download on standard error, with the methods that pooch calls."""

    def __init__(self, name: str):
        self.name, self.total, self.done, self.shown = name, 0, 0, ""

    def reset(self) -> None:
        """Do nothing: pooch resets and then adds the total, which shows as 100 %."""

    def update(self, size: int) -> None:
        self.done += size
        text = f"{self.done / 1e6:.2f} MB"
        if self.total:
            text = f"{min(100, 100 * self.done // self.total):3d} % of {self.total / 1e6:.2f} MB"
        if text != self.shown:
            print(f"\r{self.name}: {text}", end="", file=sys.stderr, flush=True)
        self.shown = text

    def close(self) -> None:
        print(file=sys.stderr)
