"""How scheduled actions work through many records without losing any."""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)


def run_each(records, step, lock=None, failed=None):
    """Do a step for each record in a transaction of its own.

    - A record that another transaction holds is left to the next run.
    - Each is locked and read anew, for the one before was committed since it was
      found: ``step`` asks again whether there is still something to do.
    - One that fails is logged and rolled back alone; the others go on.
    - A run that is killed loses the record at hand only; when the scheduler's time
      is over the rest waits for the next run.

    :param records: what was found to be due
    :param step: callable that takes one record
    :param lock: callable that returns what else has to be held, by record
    :param failed: callable that takes a record and the exception, to mark it
    """
    cron = records.env["ir.cron"]
    cron._commit_progress(remaining=len(records))
    for record in records:
        _run_one(record, step, lock, failed)
        if not cron._commit_progress(1):
            break


def _run_one(record, step, lock, failed):
    """Do a step for one record; an error stays with it."""
    try:
        with record.env.cr.savepoint():
            if _hold(record, lock):
                step(record)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        # Somebody was faster; the record is as good as held.
        _logger.info("%s was changed meanwhile; the next run looks again", record)
        record.env.invalidate_all(flush=False)
    except Exception as error:
        _logger.exception("%s failed; the next run tries again", record)
        record.env.invalidate_all(flush=False)
        if failed:
            failed(record, error)


def _hold(record, lock):
    """Lock a record, with what belongs to it first; tell whether all are held."""
    for part in [lock(record)] if lock else []:
        if part and not part.try_lock_for_update():
            return False
    if not record.try_lock_for_update():
        return False
    record.env.invalidate_all()
    return True
