"""A worker without a mail server: claims and marks what is due in sets, `python -m bench.drain`.

Says that it is ready, begins at a line of input, says how many it claimed each time.
"""

import time

import django

django.setup()

from workflows.reminders import claims  # noqa: E402

QUIET_S = 3  # what a killed worker had is due again within that


def main():
    print("ready", flush=True)
    input()  # the others are ready, too
    last = time.monotonic()
    while time.monotonic() - last < QUIET_S:
        rows, token, _ = claims.claim(500)
        if not rows:
            time.sleep(0.1)
            continue
        print(len(rows), flush=True)
        claims.mark_sending(rows, token)
        claims.mark_sent(rows, token)
        last = time.monotonic()


if __name__ == "__main__":
    main()
