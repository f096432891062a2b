import io
import unicodedata

from pypdf import PdfReader

from odoo.tests import HttpCase

from .common import DealerServiceCommon

LANGUAGES = ("en_US", "zh_CN", "zh_TW")


class DealerFormCommon(DealerServiceCommon, HttpCase):
    """Prints forms for real: wkhtmltopdf draws them, pypdf reads them again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # wkhtmltopdf fetches the style sheets from the server of the test.
        cls.env["ir.config_parameter"].set_param("report.url", cls.base_url())

    def _print(self, form, records, user=None, lang="en_US"):
        """Print a form as a user and return the text of its pages.

        :param str form: e.g. ``form_f05``
        :param str lang: language of the user
        :rtype: list of str
        """
        report = self.env["ir.actions.report"].with_user(user or self.advisor)
        report = report.with_context(force_report_rendering=True, lang=lang)
        content, kind = report._render_qweb_pdf(f"dealer_service.{form}", records.ids)
        self.assertEqual(kind, "pdf")
        return [
            self._normalise(page.extract_text())
            for page in PdfReader(io.BytesIO(content)).pages
        ]

    def _normalise(self, text):
        """Undo what fonts do: one glyph for 小 and its radical, tabs for spaces."""
        return " ".join(unicodedata.normalize("NFKC", text).split())

    def _assert_prints(self, form, records, *wanted, user=None):
        """Check that a form prints in each language and holds some words.

        :param wanted: what has to stand on it in every language
        """
        for lang in LANGUAGES:
            with self.subTest(form=form, lang=lang):
                pages = self._print(form, records, user, lang)
                text = "\n".join(pages)
                for word in wanted:
                    self.assertIn(word, text)
