"""What each process does that the elastic launcher has started: train in a folder."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import numpy as np

from bmcourse.recipes.machines.data_parallel import Job, Training


def main(folder: Path) -> None:
    """Train, with PyTorch's network, optimizer and sum of gradients."""
    import torch
    from torch import distributed
    from torch.nn.parallel import DistributedDataParallel

    plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    die_at, fresh = plan.pop("die_at"), plan.pop("fresh")
    restarts = int(os.environ["TORCHELASTIC_RESTART_COUNT"])
    with np.load(folder / "data.npz") as data:
        job = Job(data["x"], data["y"], **plan)
    rank, size = (int(os.environ[name]) for name in ("RANK", "WORLD_SIZE"))
    # Addresses are exchanged in a new file at each start: the old one has those of the dead.
    place = folder / f"start{restarts if fresh else 0}"
    meeting = distributed.FileStore(str(place), size)
    distributed.init_process_group("gloo", store=meeting, rank=rank, world_size=size)
    torch.set_num_threads(1)
    units = (job.x.shape[1], job.hidden, 10)
    network = torch.nn.Sequential(
        torch.nn.Linear(*units[:2]), torch.nn.ReLU(), torch.nn.Linear(*units[1:])
    ).double()
    ours = [w for layer in Training(job).network.layers for w in layer.params.values()]
    with torch.no_grad():
        for theirs, w in zip(network.parameters(), ours, strict=True):
            theirs.copy_(torch.from_numpy(w.T.copy()))  # the launcher's network, our first weights
    wrapped = DistributedDataParallel(network)  # adds up gradients, and divides by the workers
    optimizer = torch.optim.SGD(network.parameters(), lr=job.rate, momentum=job.momentum)
    checkpoint, step = folder / "checkpoint.pt", 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    while step < job.steps:
        if rank == size - 1 and step + 1 == die_at and not restarts:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        rows = np.array_split(job.rows(step), size)[rank]
        x, y = torch.from_numpy(job.x[rows] / 255.0), torch.from_numpy(job.y[rows].astype(int))
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(wrapped(x), y) * (len(rows) * size / job.batch)
        loss.backward()
        optimizer.step()
        step += 1
        total = loss.detach().clone()
        distributed.all_reduce(total)
        if rank == 0:
            with (folder / "losses.txt").open("a", encoding="utf-8") as file:
                file.write(f"{step} {float(total) / size!r}\n")
        if rank == 0 and step % job.every == 0:
            state = {"network": network.state_dict(), "optimizer": optimizer.state_dict()}
            torch.save(state | {"step": step}, checkpoint.with_suffix(".new"))
            os.replace(checkpoint.with_suffix(".new"), checkpoint)
    flat = [w.detach().numpy().T.ravel() for w in network.parameters()]
    np.save(folder / f"weights{rank}.npy", np.concatenate(flat))
    meeting.set(f"done {rank}", "yes")
    meeting.wait([f"done {other}" for other in range(size)])  # nobody leaves while one still reads
    distributed.destroy_process_group()
    # Every file is closed. gloo's threads are still there after destroy_process_group, and now and
    # then the interpreter's usual end aborts over them (PyTorch's issue 190489: the same words).
    os._exit(0)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
