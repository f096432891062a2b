import { registry } from "@web/core/registry";
import {
    fill,
    inDialog,
    openTab,
    pressInDialog,
    save,
} from "./tour_steps";

const tours = registry.category("web_tour.tours");
const DIALOG = ".modal:not(.o_inactive_modal)";

/** Open the dialog of a new test. */
function addTest(label) {
    return [
        {
            content: label,
            trigger: `.o_field_one2many[name=test_ids] button:contains(${label}):enabled`,
            run: "click",
        },
    ];
}

function saveTest() {
    return [
        {
            content: "Keep the test",
            trigger: `${DIALOG} .o_form_button_save:enabled`,
            run: "click",
        },
        { trigger: "body:not(:has(.modal))" },
    ];
}

tours.add("dealer_phone_diagnosis", {
    steps: () => [
        {
            content: "Open the car's card",
            trigger: ".o_kanban_record:contains(A12345)",
            run: "click",
        },
        ...addTest("Add a reading"),
        {
            content: "Look for the standard test",
            trigger: `${inDialog("item_id")} input`,
            run: "click",
        },
        {
            content: "Phones choose in a list of their own",
            trigger: `${DIALOG} .o_kanban_record:contains(Charging)`,
            run: "click",
        },
        ...fill("value", "12.1 && press Tab", DIALOG),
        {
            content: "The limits tell that it is not in order",
            trigger: `${inDialog("result")}:contains(Not in order)`,
        },
        ...saveTest(),
        ...addTest("Add a trouble code"),
        ...fill("code", "p0562", DIALOG),
        ...saveTest(),
        ...fill("findings", "Alternator does not charge"),
        ...fill("cause", "Rectifier"),
        ...save(),
        {
            content: "The code is written as the standard does",
            trigger: ".o_kanban_record:contains(P0562)",
        },
    ],
});

tours.add("dealer_diagnosis_explained", {
    steps: () => [
        ...openTab("diagnosis"),
        {
            content: "Say that it was explained",
            trigger: "button[name=action_explain_diagnosis]:enabled",
            run: "click",
        },
        ...fill("signer", "Mrs. Wang", DIALOG),
        ...pressInDialog("Explained"),
        {
            content: "The button is gone",
            trigger:
                ".o_form_view:not(:has(button[name=action_explain_diagnosis]))",
        },
    ],
});
