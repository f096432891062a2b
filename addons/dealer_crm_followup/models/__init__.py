from . import crm_lead
from . import dealer_contact_log
from . import dealer_followup
from . import dealer_followup_assign
from . import dealer_followup_contact
from . import dealer_repair_order
from . import res_company
from . import res_config_settings
