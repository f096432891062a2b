from . import dealer_probation
from . import dealer_probation_extension
from . import dealer_probation_flow
from . import dealer_probation_period
from . import hr_applicant
from . import hr_employee
from . import res_company
from . import res_config_settings
