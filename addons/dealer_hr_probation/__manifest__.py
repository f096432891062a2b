{
    "name": "Dealer HR: Probation and Offers",
    "version": "19.0.1.0.0",
    "summary": "Probation within the legal caps, automatic conversion, offer rule",
    "category": "Human Resources",
    "author": "Dealer Suite",
    "license": "LGPL-3",
    "depends": [
        "hr",
        "hr_recruitment",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/dealer_hr_probation_security.xml",
        "data/ir_cron_data.xml",
        # The decision form is opened by the buttons of the probation form.
        "wizard/dealer_probation_decide_views.xml",
        "views/dealer_probation_views.xml",
        # Opens the action defined above.
        "views/hr_employee_views.xml",
        "views/hr_applicant_views.xml",
        "views/res_config_settings_views.xml",
        "views/dealer_hr_probation_menus.xml",
    ],
}
