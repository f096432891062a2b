from . import dealer_repair_report
from . import dealer_repair_report_query
