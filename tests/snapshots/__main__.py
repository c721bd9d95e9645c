"""`python -m tests.snapshots` writes the snapshots of all schemas anew."""

from tests.snapshots.schemas import write

if __name__ == "__main__":
    write()
