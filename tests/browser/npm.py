"""Files of npm packages: the browser is given them in the CDN's place."""

import shutil
import subprocess
import tarfile
from pathlib import Path

HTMX, AXE = "htmx.org@4.0.1", "axe-core@4.14.1"


class Missing(Exception):
    """npm, or the package, cannot be had here."""


def read(folder: Path, package: str, name: str) -> bytes:
    """A file of a package, fetched into the folder once. Raises Missing."""
    if shutil.which("npm") is None:
        raise Missing("no npm on the PATH")
    packed = folder / package
    if not packed.exists():
        packed.mkdir()
        done = subprocess.run(["npm", "pack", "--silent", package], cwd=packed, capture_output=True, text=True)
        if done.returncode:
            raise Missing(f"npm cannot fetch {package}: {done.stderr.strip()[-200:]}")
    with tarfile.open(next(packed.glob("*.tgz"))) as archive:
        file = archive.extractfile(f"package/{name}")
        assert file is not None
        return file.read()
