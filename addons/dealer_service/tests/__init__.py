from . import test_dealer_repair_approval
from . import test_dealer_repair_order
from . import test_dealer_repair_order_story
