"""People at their desks: each sends a request, reads for 1 to 3 seconds, sends another.

A process of its own, so that it takes nothing from the server's interpreter. Reads its
orders as JSON from standard input, writes what each request took as JSON. A thread is a
user with a connection of its own, kept open where the server keeps it open.
"""

from __future__ import annotations

import http.client
import json
import random
import sys
import threading
import time
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

SHARES = {"ladder": 40, "search": 40, "assess": 20}  # of each user's requests
THINKING = (1.0, 3.0)  # seconds, evenly
RAMP = 3.0  # seconds over which users come
TIMEOUT = 60

Took = tuple[str, float, bool]  # kind, seconds, answered well


def main() -> None:
    """Let the users work for a while."""
    orders = json.load(sys.stdin)
    users = [User(number, orders) for number in range(orders["users"])]
    start = time.perf_counter()
    for each in users:
        each.start()
    for each in users:
        each.join()
    seconds = time.perf_counter() - start
    json.dump(
        {"seconds": seconds, "took": [t for u in users for t in u.took]}, sys.stdout
    )


class User(threading.Thread):
    """One user: ``think`` or at once, ``kinds`` of requests, for so many ``seconds``.

    ``requests``: instead of seconds, so many of them.
    """

    def __init__(self, number: int, orders: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.orders, self.asked = orders, orders["asked"]
        people = self.asked["people"]
        self.session = people[number % len(people)]
        self.dice = random.Random(number)  # noqa: S311 - no secret
        self.took: list[Took] = []
        self.line = self.connect()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            self.orders["host"], self.orders["port"], timeout=TIMEOUT
        )

    def run(self) -> None:
        """Send requests until the time is over."""
        orders = self.orders
        kinds = orders["kinds"]
        weights = [SHARES[kind] for kind in kinds]
        if orders["think"]:
            time.sleep(self.dice.uniform(0, RAMP))
        end = time.perf_counter() + orders.get("seconds", 1e9)
        left = orders.get("requests", 10**9)
        while left and time.perf_counter() < end:
            kind = self.dice.choices(kinds, weights)[0]
            begun = time.perf_counter()
            well = self.send(kind)
            self.took.append((kind, time.perf_counter() - begun, well))
            left -= 1
            if orders["think"]:
                time.sleep(self.dice.uniform(*THINKING))

    def send(self, kind: str) -> bool:
        """One request, read to its end."""
        what = self.dice.choice(self.asked[kind])
        headers = {"Accept-Encoding": "gzip", "Cookie": f"sessionid={self.session}"}
        method, body = "GET", None
        if kind == "ladder":
            path = f"/officer/registry/{what}/ladder/"
        elif kind == "search":
            path = f"/officer/registry/?{urlencode(what)}"
        else:
            method, path = "POST", "/api/v1/assess"
            headers = {"Content-Type": "application/json"}
            body = json.dumps({"facts": what})
        try:
            self.line.request(method, path, body, headers)
            answer = self.line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.line.close()
            self.line = self.connect()
            return False
        return answer.status == HTTPStatus.OK


if __name__ == "__main__":
    main()
