"""`python -m aftersales_server.cli`."""

from aftersales_server.cli import main

main()
