import re

from odoo import api, models

# Reasons for which a visit may be a come-back, the surest first.
COMEBACK_REASONS = ("operation", "part", "system", "words", "running")
# Two runs of Chinese characters in common are no accident; one may be.
LEAST_COMMON_PAIRS = 2
# Pairs that stand in every complaint and repair.
EVERYDAY_WORDS = (
    "麻烦 看看 一起 一下 检查 檢查 更换 更換 维修 維修 "
    "保养 保養 修理 客户 客戶 有点 有點 的时 時候 时候 最近 "
    "现在 現在 车子 車子 昨天 今天 前几 几天 感觉 感覺 还是 還是"
)
COMMON_PAIRS = set(EVERYDAY_WORDS.split())
LATIN_WORD = re.compile(r"[a-z]{4,}")
HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")


class DealerGuarantee(models.Model):
    """Recognise the work a car comes back for (外返, section 6)."""

    _inherit = "dealer.guarantee"

    def _match_comebacks(self, concern, products, date, km):
        """Return how each of these guarantees fits what a car is brought for.

        Without concern and products every one is returned.

        :param str concern: the customer's words; may be empty
        :param products: `product.product` records of the new work; may be empty
        :param date date: the day the car came, in the store's time zone
        :param int km: its mileage then; 0 if unknown
        :return: dicts as `dealer.vehicle.find_comebacks` documents them
        :rtype: list
        """
        systems = self.env["dealer.fault.system"]._find_in(concern)
        pairs = self._get_words(concern)
        found = []
        for guarantee in self:
            # What was done may belong to another store of the group.
            job_sudo = guarantee.sudo().job_id
            if concern or products:
                reasons = job_sudo._get_comeback_reasons(products, systems, pairs)
            else:
                reasons = {"running": ""}
            if reasons:
                found.append(guarantee._prepare_comeback(reasons, date, km))
        rank = COMEBACK_REASONS.index
        return sorted(found, key=lambda one: (rank(one["reason"]), one["days_left"]))

    def _prepare_comeback(self, reasons, date, km):
        """Return one candidate.

        :param dict reasons: by key of `COMEBACK_REASONS`, what both have in common
        :rtype: dict
        """
        self.ensure_one()
        # What was promised is readable in all stores; where it was done, too.
        guarantee_sudo = self.sudo()
        reason = min(reasons, key=COMEBACK_REASONS.index)
        km = km or guarantee_sudo.vehicle_id.odometer
        return {
            "guarantee_id": self.id,
            "name": guarantee_sudo.job_id.name,
            "order": guarantee_sudo.order_id.name,
            "store": guarantee_sudo.company_id.name,
            "delivered_on": self.start_date,
            "end_date": self.end_date,
            "end_km": self.end_km,
            "days_left": (self.end_date - date).days,
            "km_left": max(self.end_km - km, 0),
            "reason": reason,
            "reason_text": self._get_reason_text(reason, reasons[reason]),
        }

    @api.model
    def _get_reason_text(self, reason, what):
        """Say why a guarantee is proposed."""
        texts = {
            "operation": self.env._("Same operation: %(what)s", what=what),
            "part": self.env._("Same part: %(what)s", what=what),
            "system": self.env._("Same system: %(what)s", what=what),
            "words": self.env._("Same words: %(what)s", what=what),
            "running": self.env._("Guarantee is running"),
        }
        return texts[reason]

    @api.model
    def _get_words(self, text):
        """Return what a text can be compared by: words, and pairs of characters.

        :param str text: any language
        :rtype: set
        """
        text = (text or "").lower()
        words = set(LATIN_WORD.findall(text))
        for run in HAN_RUN.findall(text):
            words |= {run[i : i + 2] for i in range(len(run) - 1)}
        return words - COMMON_PAIRS


class DealerRepairJob(models.Model):
    """What a job has in common with a new complaint."""

    _inherit = "dealer.repair.job"

    def _get_comeback_reasons(self, products, systems, words):
        """Return what this job has in common with what a car is brought for.

        :param products: `product.product` records of the new work
        :param systems: `dealer.fault.system` records that the complaint names
        :param set words: words of the complaint
        :return: by key of `COMEBACK_REASONS`
        :rtype: dict
        """
        self.ensure_one()
        reasons = {}
        for line in self.line_ids.filtered(lambda line: line.product_id in products):
            key = {"labour": "operation", "part": "part"}.get(line.kind)
            if key:
                reasons.setdefault(key, line.product_id.name)
        if systems and (common := systems._named_in(self._get_fault_text())):
            reasons["system"] = ", ".join(common.mapped("name"))
        if words:
            own = self.env["dealer.guarantee"]._get_words(self._get_fault_text())
            common = sorted(words & own)
            is_latin = any(word.isascii() for word in common)
            if is_latin or len(common) >= LEAST_COMMON_PAIRS:
                reasons["words"] = ", ".join(common[:4])
        return reasons

    def _get_fault_text(self):
        """Return all that was written about the fault of this job.

        :rtype: str
        """
        self.ensure_one()
        texts = [self.name, self.cause, self.correction]
        texts += self.line_ids.product_id.mapped("name")
        return " ".join(text for text in texts if text)
