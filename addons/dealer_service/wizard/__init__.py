from . import dealer_repair_addon
from . import dealer_repair_close
from . import dealer_repair_credit
from . import dealer_repair_decide
from . import dealer_repair_job_plan
from . import dealer_repair_pay
from . import dealer_work_log_pause
