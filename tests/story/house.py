"""The dealer group as the player meets it: people who log in, and what they look up."""

import socket
import struct
import zlib
from base64 import b64encode
from functools import cache

from tests.rpc import Client

PASSWORD = "demo"
CONTEXT = {"lang": "zh_CN", "tz": "Asia/Shanghai"}
STORES = {"main": 1, "east": 2, "west": 3}


class Clock:
    """The clock of the server, which only goes forward."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._file = self._socket.makefile("rw")

    def move_to(self, utc):
        """Move to a UTC time, such as ``2026-03-02 00:20:00``."""
        self._file.write(f"{utc}\n")
        self._file.flush()
        return self._file.readline().strip()

    def close(self):
        """Hang up; the clock goes on ticking."""
        self._file.close()
        self._socket.close()


class House:
    """Clients by login, and the records that are referred to by name."""

    def __init__(self, url, database):
        self.url, self.database = url, database
        self._clients = {}
        self._known = {}

    def user(self, login):
        """Return the client of a demo user, logged in once."""
        if login not in self._clients:
            self._clients[login] = Client(
                self.url, self.database, login, PASSWORD, CONTEXT
            )
        return self._clients[login]

    def name(self, login):
        """Return the name of a demo user, which is that of the employee too."""
        if ("name", login) not in self._known:
            user = self.user(login)
            name = user.read("res.users", user.uid, "name")["name"]
            self._known["name", login] = name
        return self._known["name", login]

    @staticmethod
    def store_number(store):
        """Return the number that ends the logins of a store."""
        return STORES[store]

    def lookup(self, login, model, domain):
        """Return the id of the one record that a user finds; asked once."""
        key = (login, model, str(domain))
        if key not in self._known:
            found = self.user(login).search(model, domain, limit=2)
            if len(found) != 1:
                raise LookupError(f"{login} finds {len(found)} {model} for {domain}")
            self._known[key] = found[0]
        return self._known[key]

    def product(self, login, code):
        """Return the product with an internal reference."""
        return self.lookup(login, "product.product", [("default_code", "=", code)])

    def category(self, login, code):
        """Return the repair category with a code."""
        return self.lookup(login, "dealer.repair.category", [("code", "=", code)])

    def bay(self, login, code):
        """Return the bay with a code in the user's store."""
        return self.lookup(login, "dealer.bay", [("code", "=", code)])

    def model(self, login, name):
        """Return the car model of that name."""
        return self.lookup(login, "fleet.vehicle.model", [("name", "=", name)])

    def customer(self, login, row):
        """Return a customer, entered at the counter when he is new.

        :param dict row: of `customers.csv`
        """
        key = ("customer", row["customer"])
        if key not in self._known:
            user = self.user(login)
            domain = [("phone", "=", row["phone"]), ("name", "=", row["name"])]
            found = user.search("res.partner", domain, limit=1)
            self._known[key] = found[0] if found else self._enter(user, row)
        return self._known[key]

    @staticmethod
    def _enter(user, row):
        names = ("name", "phone", "street", "city")
        values = {name: row[name] for name in names}
        values["is_company"] = row["is_company"] == "1"
        return user.create("res.partner", **values, lang="zh_CN")

    def partner(self, login, ref):
        """Return the insurer or manufacturer with a reference."""
        return self.lookup(login, "res.partner", [("ref", "=", ref)])

    def journal(self, login, kind):
        """Return the cash or bank journal of the user's store."""
        return self.lookup(login, "account.journal", [("type", "=", kind)])

    def technician(self, login, technician):
        """Return the employee behind a technician's login, or with that name."""
        if not technician.isascii():
            return self.lookup(login, "hr.employee.public", [("name", "=", technician)])
        uid = self.user(technician).uid
        return self.lookup(login, "hr.employee.public", [("user_id", "=", uid)])


# === SIGNATURES === #


@cache
def signature(name):
    """Return a drawn signature as a base64 PNG; each name has its own scrawl.

    :param str name: who signs
    """
    width, height = 120, 40
    canvas = [bytearray(b"\xff" * width) for _row in range(height)]
    seed = zlib.crc32(name.encode())
    level = 20
    for column in range(8, width - 8):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        level = max(4, min(height - 5, level + (seed >> 16) % 7 - 3))
        for row in (level, level + 1):
            canvas[row][column] = 0
    raw = b"".join(b"\x00" + bytes(row) for row in canvas)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(raw)), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)
    return b64encode(png).decode()


def _chunk(kind, data):
    checksum = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + checksum
