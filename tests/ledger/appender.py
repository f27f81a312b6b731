"""Append numbered bodies until killed, and print how many once they are acknowledged."""

import sys

from detente.ledger import Overtaken, open_ledger

if __name__ == "__main__":
    target, name = sys.argv[1:]
    with open_ledger(target) as ledger:
        print("ready", flush=True)
        sys.stdin.readline()
        number = 0
        while True:
            after = ledger.head()[0]
            bodies = [b'{"by":"%s","n":%d}' % (name.encode(), number + n) for n in range(3)]
            try:
                ledger.append(after, bodies)
            except Overtaken:
                continue
            number += len(bodies)
            print(number, flush=True)
