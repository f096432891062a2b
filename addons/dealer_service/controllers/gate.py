from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..models.dealer_release_note import GATE, TEMPORARY_KINDS
from ..models.plate import normalise_plate

COOKIE = "dealer_gate"
COOKIE_DAYS = 365


class DealerGate(http.Controller):
    """The page on the gate keeper's phone: go or stop, and one button (F14).

    Read by a phone that the manager paired (its secret is in a cookie that no
    script reads), or by a user with the gate role. Whoever else opens a note's
    link, such as the customer, learns nothing. No prices, nothing of the owner.
    """

    @http.route("/dealer/gate", type="http", auth="public")
    def gate_home(self, search=None, **_kwargs):
        """Show a field for plate or number, for codes that cannot be read."""
        keeper = self._find_keeper()
        if not keeper:
            return self._render_stranger()
        note = request.env["dealer.release.note"]
        search = (search or "").strip()
        if search:
            note = self._find_note(
                keeper,
                [
                    ("state", "in", ("issued", "out")),
                    "|",
                    ("license_plate", "=", normalise_plate(search)),
                    ("name", "=", search.upper()),
                ],
            )
        if note:
            return self._render_note(keeper, note)
        return self._render(
            "dealer_service.gate_home", keeper, {"search": search, "missed": search}
        )

    @http.route("/dealer/gate/pair/<string:code>", type="http", auth="public")
    def gate_pair_page(self, code, **_kwargs):
        """Ask before a phone is paired: looking at a link must not use it up."""
        return self._render("dealer_service.gate_pair", {}, {"code": code})

    @http.route(
        "/dealer/gate/pair/<string:code>/confirm",
        type="http",
        auth="public",
        methods=["POST"],
    )
    def gate_pair(self, code, **_kwargs):
        """Make this phone the gate phone of a store."""
        try:
            _device, secret = request.env["dealer.gate.device"]._pair(code)
        except UserError as error:
            return self._render("dealer_service.gate_message", {}, {"message": error})
        response = request.redirect("/dealer/gate")
        response.set_cookie(
            COOKIE,
            secret,
            max_age=COOKIE_DAYS * 24 * 3600,
            path="/dealer/gate",
            secure=request.httprequest.scheme == "https",
            httponly=True,
            samesite="Lax",
        )
        return response

    @http.route("/dealer/gate/<string:token>", type="http", auth="public")
    def gate_note(self, token, **_kwargs):
        """Show go or stop for one note."""
        keeper = self._find_keeper()
        if not keeper:
            return self._render_stranger()
        note = self._find_note(keeper, [("token", "=", token)])
        return self._render_note(keeper, note)

    @http.route(
        "/dealer/gate/<string:token>/<any(out, in):direction>",
        type="http",
        auth="public",
        methods=["POST"],
    )
    def gate_stamp(self, token, direction, **_kwargs):
        """Stamp that the car left, or that it is back; then show it."""
        keeper = self._find_keeper()
        if not keeper:
            return self._render_stranger()
        note = self._find_note(keeper, [("token", "=", token)])
        if not note:
            return self._render_note(keeper, note)
        try:
            if direction == "out":
                note._check_out(keeper["name"])
            else:
                note._check_in()
        except UserError as error:
            return self._render_note(keeper, note, error=str(error))
        return self._render_note(keeper, note, done=direction)

    # === TOOLING === #

    def _find_keeper(self):
        """Return who holds the phone: a paired device, or a user of the gate.

        :rtype: dict or None
        """
        secret = request.httprequest.cookies.get(COOKIE)
        device_sudo = request.env["dealer.gate.device"]._find_by_secret(secret)
        if device_sudo:
            device_sudo._note_seen()
            request.update_context(lang=device_sudo.lang)
            return {
                "name": device_sudo.name,
                "company_ids": device_sudo.company_id.ids,
                "store": device_sudo.company_id.name,
            }
        user = request.env.user
        if not user._is_public() and user.has_group(GATE):
            request.update_context(lang=user.lang)
            return {
                "name": user.name,
                "company_ids": user.company_ids.ids,
                "store": user.company_id.name,
            }
        return None

    def _find_note(self, keeper, domain):
        """Return the note of the keeper's stores, elevated, or none."""
        # The phone has no login; the domain holds it to its own store.
        note_sudo = request.env["dealer.release.note"].sudo()
        return note_sudo.search(
            [("company_id", "in", keeper["company_ids"]), *domain], limit=1
        )

    def _render_note(self, keeper, note, **values):
        """Answer with the page of one note; an unknown one is a stop."""
        obstacle = note._get_obstacle() if note else False
        return self._render(
            "dealer_service.gate_note",
            keeper,
            {
                "note": note,
                "obstacle": obstacle,
                "is_go": bool(note) and not obstacle,
                "comes_back": note.kind in TEMPORARY_KINDS,
                **values,
            },
        )

    def _render_stranger(self):
        """Answer somebody who does not work at the gate: nothing to see."""
        return self._render("dealer_service.gate_stranger", {}, {}, status=403)

    def _render(self, template, keeper, values, status=200):
        """Answer with a page that no browser and no proxy keeps."""
        return request.render(
            template,
            {"keeper": keeper, **values},
            status=status,
            headers={
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Frame-Options": "DENY",
                "X-Robots-Tag": "noindex",
            },
        )
