"""Tiny clients of Odoo's two remote interfaces, for tests and scripts.

    admin = Client(url, database)
    order_ids = admin.call("dealer.repair.order", "search", [("state", "=", "ready")])
    advisor = Client(url, database, "advisor", "advisor")
    advisor.call("dealer.repair.order", "action_deliver", order_ids)

A refusal raises :class:`RpcError`, whose ``name`` is the exception's class and whose
``str()`` is the message that a user would read.
"""

import http.client
import json
import urllib.error
import urllib.request
import xmlrpc.client

TIMEOUT = 120
FAULTS = {2: "UserError", 3: "AccessDenied", 4: "AccessError"}


class RpcError(Exception):
    """The server refused a call.

    :param str name: class of the exception, such as ``AccessError``; over XML-RPC every
        refusal of business logic is a ``UserError``, whatever its subclass
    :param str message: what the server said
    :param str debug: its traceback, if it sent one
    """

    def __init__(self, name, message, debug=""):
        super().__init__(message)
        self.name = name
        self.message = message
        self.debug = debug

    def __repr__(self):
        return f"RpcError({self.name}: {self.message})"


class _Transport(xmlrpc.client.Transport):
    """XML-RPC over a connection that gives up after a while."""

    def make_connection(self, host):
        connection = super().make_connection(host)
        connection.timeout = TIMEOUT
        return connection


class Client:
    """One user's session over XML-RPC.

    Not safe to share between threads: give each thread its own.
    """

    def __init__(self, url, database, login="admin", password=None, context=None):
        """Log in.

        :param str password: the login itself by default, as demo users have it
        :param dict context: sent along with every call, such as ``{"lang": "zh_CN"}``
        """
        self.url, self.database, self.login = url, database, login
        self.password = login if password is None else password
        self.context = context or {}
        self._objects = self._proxy("object")
        arguments = (database, login, self.password, {})
        self.uid = _translate(self._proxy("common").authenticate, *arguments)
        if not self.uid:
            raise RpcError("AccessDenied", f"login of {login} refused")

    def _proxy(self, service):
        return xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc/2/{service}", allow_none=True, transport=_Transport()
        )

    def call(self, model, method, *args, **kwargs):
        """Call a public method; on records, their ids are the first argument."""
        context = {**self.context, **kwargs.pop("context", {})}
        if context:
            kwargs["context"] = context
        login = (self.database, self.uid, self.password)
        call = self._objects.execute_kw
        return _translate(call, *login, model, method, list(args), kwargs)

    # === SHORTHANDS === #

    def create(self, model, **values):
        """Create one record and return its id."""
        return self.call(model, "create", [values])[0]

    def write(self, model, ids, **values):
        """Change records."""
        return self.call(model, "write", ids, values)

    def search(self, model, domain=(), **kwargs):
        """Return the ids of matching records."""
        return self.call(model, "search", list(domain), **kwargs)

    def read(self, model, ids, *fields):
        """Read fields of records; a single id gives a single dictionary."""
        single = isinstance(ids, int)
        rows = self.call(model, "read", [ids] if single else ids, list(fields))
        return rows[0] if single else rows

    def search_read(self, model, domain=(), *fields, **kwargs):
        """Return fields of matching records."""
        return self.call(model, "search_read", list(domain), list(fields), **kwargs)

    def count(self, model, domain=()):
        """Return the number of matching records."""
        return self.call(model, "search_count", list(domain))

    def ref(self, xmlid):
        """Return the record id behind an external id; needs an internal user."""
        module, _dot, name = xmlid.partition(".")
        domain = [("module", "=", module), ("name", "=", name)]
        rows = self.search_read("ir.model.data", domain, "res_id")
        if not rows:
            raise RpcError("MissingError", f"no record {xmlid}")
        return rows[0]["res_id"]


def _translate(function, *args):
    """Call an XML-RPC function and turn its faults into :class:`RpcError`."""
    try:
        return function(*args)
    except xmlrpc.client.Fault as fault:
        name = FAULTS.get(fault.faultCode)
        if name:
            raise RpcError(name, fault.faultString) from None
        last = fault.faultString.strip().splitlines()[-1]
        kind, _colon, message = last.partition(": ")
        name = kind.rpartition(".")[2]
        raise RpcError(name, message or last, fault.faultString) from None


class Json2Client:
    """One API key over JSON-2, the interface for new integrations."""

    def __init__(self, url, database, key):
        """Take the address, the database and a key of `res.users.apikeys`."""
        self.url, self.database, self.key = url, database, key

    def call(self, model, method, ids=(), **kwargs):
        """Call a public method with keyword arguments.

        :param ids: of the records to call it on
        """
        request = urllib.request.Request(
            f"{self.url}/json/2/{model}/{method}",
            data=json.dumps({"ids": list(ids), **kwargs}).encode(),
            headers={
                "Authorization": f"bearer {self.key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.database,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise _json_error(error) from None


def _json_error(error):
    """Return the :class:`RpcError` for an HTTP error of JSON-2."""
    try:
        body = json.load(error)
    except (ValueError, http.client.HTTPException):
        body = {}
    name = str(body.get("name", error.code)).rpartition(".")[2]
    return RpcError(name, body.get("message", error.reason), body.get("debug", ""))
