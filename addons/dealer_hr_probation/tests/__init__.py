from . import test_hr_applicant
from . import test_probation_access
from . import test_probation_cap
from . import test_probation_confirm
from . import test_probation_decide
from . import test_probation_start
