"""A browser that logs in, opens a screen and photographs it."""

import contextlib
import io

from PIL import Image
from playwright.sync_api import sync_playwright

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
COLOURS = 128
MAX_BYTES = 200_000
SETTLE_MS = 600
TIMEOUT_MS = 15_000
# A view, or one of our own screens.
SCREENS = (
    ".o_view_controller .o_content",
    ".o_dealer_desk_content > *",
    ".o_dealer_intake_page",
    ".o_wb_body",
)
# What would differ from run to run, or is not ours.
STYLE = """
    * { animation: none !important; transition: none !important; }
    .o_notification_manager, .o-mail-ChatHub { display: none !important; }
"""


class Camera:
    """One Chromium, with one session per login and size.

    :param browser: of Playwright
    :param str url: of the server
    :param dict passwords: of each login that has another one than ``demo``
    :param now: the time that the pages believe in, or None for the real one
    """

    def __init__(self, browser, url, passwords, now=None):
        self.browser = browser
        self.url = url
        self.passwords = passwords
        self.now = now
        self.pages = {}

    def open(self, login, path, phone=False):
        """Show a path of the web client to a user.

        :return: the page, idle
        """
        page = self._page(login, phone)
        page.goto(f"{self.url}/odoo/{path}")
        self.wait(page)
        return page

    def visit(self, login, path, phone=False):
        """Show a page outside the web client.

        :return: the page
        """
        page = self._page(login, phone)
        page.goto(f"{self.url}{path}")
        return page

    def wait(self, page):
        """Wait until the web client has nothing more to load."""
        page.wait_for_selector(f".o_action_manager :is({', '.join(SCREENS)})")
        page.wait_for_timeout(SETTLE_MS)
        page.wait_for_selector(".o_loading_indicator", state="detached")

    def _page(self, login, phone):
        if (login, phone) in self.pages:
            return self.pages[login, phone]
        context = self.browser.new_context(
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.set_default_timeout(TIMEOUT_MS)
        if self.now:
            page.clock.install(time=self.now)
        page.goto(f"{self.url}/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", self.passwords.get(login, "demo"))
        page.click(".oe_login_form button[type=submit]")
        page.wait_for_url("**/odoo**")
        self.pages[login, phone] = page
        return page

    def shoot(self, page, target):
        """Write what the page shows as a small PNG."""
        page.add_style_tag(content=STYLE)
        page.mouse.move(0, 0)
        page.wait_for_timeout(SETTLE_MS)
        image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        for colours in (COLOURS, 64, 32, 16):
            small = image.quantize(colours, dither=Image.Dither.NONE)
            buffer = io.BytesIO()
            small.save(buffer, "PNG", optimize=True)
            if buffer.tell() <= MAX_BYTES:
                break
        target.write_bytes(buffer.getvalue())
        return buffer.tell()


@contextlib.contextmanager
def camera(url, passwords, chromium, now=None):
    """Give a camera on the machine's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        try:
            yield Camera(browser, url, passwords, now)
        finally:
            browser.close()
