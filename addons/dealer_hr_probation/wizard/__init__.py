from . import dealer_probation_decide
