from . import test_dealer_repair_order_story
