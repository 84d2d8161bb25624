"""What a file of figures says of the run that made it: command, commit, versions, and the time of all of it."""

import importlib.metadata
import pathlib
import platform
import resource
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODE = ("crates", "Cargo.lock", "bench/*.py", "bench/*.txt")


class Facts:
    """Made when the programs are built, asked when the figures are there."""

    def __init__(self, *packages):
        self.packages = packages
        self.start = time.monotonic(), spent()

    def so_far(self):
        return {
            "command": " ".join(["bench/" + pathlib.Path(sys.argv[0]).name, *sys.argv[1:]]),
            "code": commit(),
            "versions": {"python": platform.python_version()}
            | {package: importlib.metadata.version(package) for package in self.packages},
            "cpu_seconds": round(spent() - self.start[1], 1),
            "clock_seconds": round(time.monotonic() - self.start[0], 1),
        }


def commit():
    """The commit of the code, with a mark if the code is not as committed; empty outside a repository."""
    git = lambda *words: subprocess.run(  # noqa: E731
        ["git", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ).stdout.strip()
    return git("rev-parse", "--short=12", "HEAD") + (" and changes" if git("status", "--porcelain", "--", *CODE) else "")


def spent():
    """Processor seconds of this process and all that it has run."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)
