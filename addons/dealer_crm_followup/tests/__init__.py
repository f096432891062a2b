from . import test_followup_access
from . import test_followup_assign
from . import test_followup_contact
from . import test_followup_escalate
from . import test_followup_plan
