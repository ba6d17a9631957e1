"""How is the service started with `python -m hotline`?"""

from hotline.cli import main

main()
