{
    "name": "Dealer CRM: Follow-up",
    "version": "19.0.1.0.0",
    "summary": "Calls customers after delivery, logs every contact, escalates",
    "category": "Services/Dealer",
    "author": "Dealer Suite",
    "license": "LGPL-3",
    "depends": [
        "crm",
        "dealer_service",
        "rating",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/dealer_crm_followup_security.xml",
        "data/ir_cron_data.xml",
        # The contact form is opened by a button of the follow-up form.
        "wizard/dealer_followup_contact_views.xml",
        "views/dealer_contact_log_views.xml",
        "views/dealer_followup_views.xml",
        "views/dealer_repair_order_views.xml",
        "views/res_config_settings_views.xml",
        "views/dealer_crm_followup_menus.xml",
    ],
}
