"""The fetcher. No test leaves this machine: the server is on 127.0.0.1."""

import hashlib
import http.server
import threading

import numpy as np
import pytest

from coursekit import datasets
from coursekit.datasets.fetch import _Progress


class Server:
    """Serves files from memory; `cut` names one of which only half is sent."""

    def __init__(self, files):
        self.files, self.asked, self.cut, self.tell_length = dict(files), [], None, True
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                name = self.path.rsplit("/", 1)[-1]
                outer.asked.append(self.path)
                if name not in outer.files:
                    self.send_error(404)
                    return
                content = outer.files[name]
                self.send_response(200)
                if outer.tell_length:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content[: len(content) // 2] if name == outer.cut else content)

            def log_message(self, *args):
                pass

        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/fashion"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.01,))
        self.thread.start()

    def stop(self):
        if self.thread.is_alive():
            self.http.shutdown()
            self.thread.join()
            self.http.server_close()


@pytest.fixture
def server(originals, monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    running = Server(originals[1])
    yield running
    running.stop()


def test_fetch_then_load_then_fetch_nothing(tmp_path, server, originals, capsys):
    cache = tmp_path / "cache"
    found = datasets.fetch_fashion_mnist(cache, base_url=server.url + "/")
    assert found == cache
    assert {p.name: p.read_bytes() for p in cache.iterdir()} == originals[1]
    shown = capsys.readouterr().err
    for name in datasets.FILES.values():
        assert f"\r{name}: 100 % of" in shown
    data = datasets.fashion_mnist_full(found)
    np.testing.assert_array_equal(data.y_train, originals[0]["y_train"])
    assert len(server.asked) == 4
    datasets.fetch_fashion_mnist(str(cache), base_url=server.url)
    assert len(server.asked) == 4
    assert all(path.startswith("/fashion/t") for path in server.asked)


def test_fetch_mends_a_damaged_cache_and_can_be_quiet(tmp_path, server, originals, capsys):
    damaged = tmp_path / "train-labels-idx1-ubyte.gz"
    damaged.write_bytes(b"cut")
    server.tell_length = False
    datasets.fetch_fashion_mnist(tmp_path, base_url=server.url, progress=False)
    assert damaged.read_bytes() == originals[1][damaged.name]
    assert "MB" not in capsys.readouterr().err


def test_default_cache_is_the_users(tmp_path, server, monkeypatch):
    monkeypatch.setattr("pooch.os_cache", lambda project: tmp_path / project)
    assert datasets.fetch_fashion_mnist(base_url=server.url) == tmp_path / "coursekit"
    assert len(list((tmp_path / "coursekit").iterdir())) == 4


def test_wrong_checksum_leaves_nothing(tmp_path, server):
    name = "train-images-idx3-ubyte.gz"
    server.files[name] = other = server.files[name] + b"more"
    with pytest.raises(ValueError, match="not the original file") as caught:
        datasets.fetch_fashion_mnist(tmp_path, base_url=server.url)
    for part in (
        f"{server.url}/{name}",
        datasets.PACKED_SHA256["x_train"],
        hashlib.sha256(other).hexdigest(),
    ):
        assert part in str(caught.value)
    assert "dataset-fashion-mnist" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("tell_length", [True, False], ids=["length told", "length not told"])
def test_download_cut_short_leaves_nothing_of_that_file(tmp_path, server, tell_length):
    server.cut, server.tell_length = "train-labels-idx1-ubyte.gz", tell_length
    with pytest.raises(ConnectionError if tell_length else ValueError) as caught:
        datasets.fetch_fashion_mnist(tmp_path, base_url=server.url)
    assert server.cut in str(caught.value)
    assert "dataset-fashion-mnist" in str(caught.value)
    assert [p.name for p in tmp_path.iterdir()] == ["train-images-idx3-ubyte.gz"]


def test_interrupted_download_leaves_nothing(tmp_path, server, monkeypatch):
    def stop(self, size):
        assert len(list(tmp_path.iterdir())) == 1
        raise KeyboardInterrupt

    monkeypatch.setattr(_Progress, "update", stop)
    with pytest.raises(KeyboardInterrupt):
        datasets.fetch_fashion_mnist(tmp_path, base_url=server.url)
    assert list(tmp_path.iterdir()) == []


def test_server_without_the_file(tmp_path, server):
    server.files.clear()
    with pytest.raises(ConnectionError, match=r"train-images-idx3-ubyte\.gz.*404"):
        datasets.fetch_fashion_mnist(tmp_path, base_url=server.url)
    assert list(tmp_path.iterdir()) == []


def test_server_down(tmp_path, server):
    server.stop()
    with pytest.raises(ConnectionError, match=r"Expected to download .*folder\)"):
        datasets.fetch_fashion_mnist(tmp_path, base_url=server.url)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("address", ["ftp://host/", "/some/folder", "", None])
def test_fetch_refuses_what_is_no_web_address(tmp_path, address):
    with pytest.raises(ValueError, match=r"base_url should begin with http.*fashion_mnist_full"):
        datasets.fetch_fashion_mnist(tmp_path / "cache", base_url=address)
    assert not (tmp_path / "cache").exists()
