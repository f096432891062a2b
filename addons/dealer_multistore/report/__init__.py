from . import dealer_stock_report
