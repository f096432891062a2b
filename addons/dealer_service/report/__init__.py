from . import dealer_finding_report
from . import dealer_repair_report
from . import dealer_repair_report_query
from . import dealer_technician_report
from . import dealer_technician_report_query
