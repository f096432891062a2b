from . import test_dealer_stock_report
