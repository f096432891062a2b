{
    "name": "Dealer Service",
    "version": "19.0.1.0.0",
    "summary": "After-sales service of car dealers: one car from gate to gate",
    "category": "Services/Dealer",
    "author": "Dealer Suite",
    "license": "LGPL-3",
    "depends": [
        "account",
        "fleet",
        "hr",
        "payment",
        "portal",
        "sale_stock",
        "sms",
    ],
    "data": [
        "security/dealer_service_groups.xml",
    ],
    "application": True,
}
