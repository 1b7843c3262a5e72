"""A local HTTP server whose answers misbehave in chosen ways."""

import socket
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def begin(request, data, sent):
    """Announce the whole of the data, and send the first `sent` bytes."""
    request.send_response(200)
    request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    request.wfile.write(data[:sent])
    request.wfile.flush()


class Server:
    """Serves `routes`: path to a function that answers one request.

    Attributes
    ----------
    requests : list of (path, Range header or None)
    release : threading.Event
        Set when the test ends, so that no answer outlives it.
    """

    def __init__(self):
        self.routes = {}
        self.requests = []
        self.release = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append((self.path, self.headers.get("Range")))
                answer = outer.routes.get(self.path)
                try:
                    if answer is None:
                        self.send_error(404)
                    else:
                        answer(self)
                except OSError:  # the client went away
                    self.close_connection = True

            def log_message(self, *args):
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self):
        self.release.set()
        self.http.shutdown()
        self.http.server_close()
        self.thread.join(5)

    def paths(self):
        return [path for path, _ in self.requests]

    def whole(self, data, seconds=0.0):
        """Answer with the data, and with a part of it when asked for a range."""

        def answer(request):
            time.sleep(seconds)
            wanted = request.headers.get("Range")
            start = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
            if start >= len(data):
                request.send_error(416)
                return
            request.send_response(206 if start else 200)
            if start:
                request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            request.send_header("Content-Length", str(len(data) - start))
            request.end_headers()
            request.wfile.write(data[start:])

        return answer

    def short(self, data, sent, announced=True):
        """Announce the whole, send the first `sent` bytes and hang up."""

        def answer(request):
            request.send_response(200)
            if announced:
                request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            request.wfile.write(data[:sent])
            request.close_connection = True

        return answer

    def stalling(self, data, sent):
        """Send the first `sent` bytes, then nothing, but keep the line open."""

        def answer(request):
            begin(request, data, sent)
            self.release.wait(20)

        return answer

    def reset(self, data, sent):
        """Send the first `sent` bytes, then tear the connection down without a farewell."""

        def answer(request):
            begin(request, data, sent)
            time.sleep(0.2)  # what was sent arrives
            linger = struct.pack("ii", 1, 0)
            request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            request.connection.close()

        return answer

    def halting(self, data, sent, halfway, onward):
        """Send the first `sent` bytes, say so by one event, and wait for the other."""

        def answer(request):
            begin(request, data, sent)
            halfway.set()
            onward.wait(20)
            request.wfile.write(data[sent:])

        return answer

    def dripping(self, data, every=0.02):
        """Send one byte now and then: never silent, not done for long."""

        def answer(request):
            request.send_response(200)
            request.send_header("Content-Length", str(len(data)))
            request.end_headers()
            for k in range(min(len(data), 500)):
                request.wfile.write(data[k : k + 1])
                request.wfile.flush()
                if self.release.wait(every):
                    return

        return answer

    def endless(self):
        """Send far more than was asked for."""

        def answer(request):
            request.send_response(200)
            request.end_headers()
            for _ in range(800):  # 50 MB: without end, as far as the tests go
                request.wfile.write(bytes(1 << 16))

        return answer

    def redirect(self, where):
        def answer(request):
            request.send_response(302)
            request.send_header("Location", where)
            request.send_header("Content-Length", "0")
            request.end_headers()

        return answer
