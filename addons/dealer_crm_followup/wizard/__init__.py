from . import dealer_followup_contact
