import json
import urllib.error
import urllib.request

from odoo import fields, models

LARGEST_ANSWER = 100_000
LATER_STATUSES = {408, 425, 429}


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Credentials go to the address that was entered, nowhere else."""

    def redirect_request(self, *_args, **_kwargs):
        """Follow nothing."""
        return


class DealerComplianceEndpoint(models.Model):
    """The HTTP adapter: token by company code and password, then the record.

    ``POST token_url {"companycode", "companypassword"}`` answers
    ``{"code", "access_token"}``; ``POST url {"access_token", "basicInfo", …}``
    answers ``{"code", "status"}``. The codes' meanings are the endpoint's.
    """

    _inherit = "dealer.compliance.endpoint"

    def _deliver_http(self, record):
        """Send one record; fetch a new token once if the platform asks for it.

        :rtype: dict
        """
        self.ensure_one()
        try:
            answer = self._post_record(record)
            if self._get_code(answer) == self.token_code:
                self._keep_token(False)
                answer = self._post_record(record)
        except _DeliveryProblem as problem:
            return {"status": problem.status, "message": str(problem)}
        return self._read_answer(answer)

    def _post_record(self, record):
        """Send a record with a token.

        :rtype: dict
        """
        body = {"access_token": self._get_token(), **json.loads(record.payload)}
        return self._post(self.url, body)

    def _get_token(self):
        """Return the token that is still good, or a new one."""
        if self.access_token and self.token_until > fields.Datetime.now():
            return self.access_token
        answer = self._post(
            self.token_url,
            {
                "companycode": self.company_code or "",
                "companypassword": self.password or "",
            },
        )
        token = answer.get("access_token")
        if self._get_code(answer) != self.ok_code or not token:
            raise _DeliveryProblem(
                "refused",
                self.env._(
                    "The platform gave no access: %(answer)s. Check company code and "
                    "password.",
                    answer=self._get_text(answer),
                ),
            )
        self._keep_token(token)
        return token

    def _read_answer(self, answer):
        """Tell whether the platform took the record.

        :rtype: dict
        """
        code, text = self._get_code(answer), self._get_text(answer)
        if code == self.ok_code:
            return {"status": "sent", "message": text}
        if self.duplicate_code and code == self.duplicate_code:
            return {
                "status": "sent",
                "message": self.env._("Known already: %(answer)s", answer=text),
            }
        # A token refused twice in a row may be the platform's hiccup.
        status = "later" if code == self.token_code else "refused"
        return {
            "status": status,
            "message": self.env._("The platform answered: %(answer)s", answer=text),
        }

    @staticmethod
    def _get_code(answer):
        return str(answer.get("code", ""))

    @staticmethod
    def _get_text(answer):
        """Return what a platform says, without what we sent it."""
        return str(answer.get("status") or answer.get("code") or "?")[:200]

    def _post(self, url, body):
        """Post JSON and return the JSON of the answer.

        :raises _DeliveryProblem: saying whether trying again may help
        :rtype: dict
        """
        request = urllib.request.Request(
            url,
            data=json.dumps(body, ensure_ascii=False).encode(),
            headers={"Content-Type": "application/json; charset=utf-8"},
        )
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=self.timeout) as response:
                answer = json.loads(response.read(LARGEST_ANSWER))
        except urllib.error.HTTPError as error:
            later = error.code >= 500 or error.code in LATER_STATUSES
            raise _DeliveryProblem(
                "later" if later else "refused",
                self.env._("The platform answered HTTP %(code)s.", code=error.code),
            ) from None
        except (urllib.error.URLError, OSError):
            raise _DeliveryProblem(
                "later",
                self.env._(
                    "The platform did not answer within %(seconds)s s.",
                    seconds=self.timeout,
                ),
            ) from None
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise _DeliveryProblem(
                "later", self.env._("The platform's answer could not be read.")
            )
        return answer


class _DeliveryProblem(Exception):
    """A record did not arrive; ``status`` says whether to try again."""

    def __init__(self, status, message):
        super().__init__(message)
        self.status = status
