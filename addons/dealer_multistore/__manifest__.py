{
    "name": "Dealer Multistore",
    "version": "19.0.1.0.0",
    "summary": "Which store of the group has the part, at a glance",
    "category": "Services/Dealer",
    "author": "Dealer Suite",
    "license": "LGPL-3",
    "depends": [
        "dealer_service",
        "purchase_stock",
    ],
    "data": [
        "security/ir.model.access.csv",
        "report/dealer_stock_report_views.xml",
        "views/dealer_multistore_menus.xml",
    ],
}
