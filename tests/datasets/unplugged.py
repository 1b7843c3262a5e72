"""Pull the cable in mid-download: take the network away, then give it back.

Usage, in a network of its own:  unshare -rn python -m datasets.unplugged FOLDER
"""

import subprocess
import sys
import threading
from pathlib import Path

from bmcourse.datasets import DataError

from .conftest import bench_of_a_large_set
from .server import Server


def network(state):
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


def main(folder):
    network("up")
    server = Server()
    bench = bench_of_a_large_set(Path(folder), server)
    data = bench.files["mnist.npz"]
    halfway, onward = threading.Event(), threading.Event()
    server.routes["/npz/mnist.npz"] = server.halting(data, len(data) // 2, halfway, onward)

    def pull():
        halfway.wait(20)
        network("down")
        onward.set()

    threading.Thread(target=pull).start()
    try:
        bench.routes().fetch("gray")
    except DataError as error:
        print("lost:", *str(error).split())
    print("cached:", bench.cached())
    network("up")
    server.routes["/npz/mnist.npz"] = server.whole(data)
    print("then whole:", bench.holds(bench.routes().load("gray")))
    print("asked for:", [wanted for _, wanted in server.requests])


if __name__ == "__main__":
    main(*sys.argv[1:])
