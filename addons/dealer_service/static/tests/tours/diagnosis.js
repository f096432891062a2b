import { registry } from "@web/core/registry";
import {
    choose,
    fill,
    inDialog,
    press,
    pressInDialog,
    save,
} from "./tour_steps";

const tours = registry.category("web_tour.tours");
const DIALOG = ".modal:not(.o_inactive_modal)";

/** Open the dialog of a new test. */
function addTest() {
    return [
        {
            content: "Add a test",
            trigger: ".o_field_one2many[name=test_ids] .o-kanban-button-new:enabled",
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

function tapBadge(name, label) {
    return [
        {
            content: `Tap ${label}`,
            trigger: `${inDialog(name)} .o_selection_badge:contains(${label})`,
            run: "click",
        },
    ];
}

tours.add("dealer_phone_diagnosis", {
    steps: () => [
        {
            content: "Open the car's card",
            trigger: ".o_kanban_record:contains(A12345)",
            run: "click",
        },
        ...addTest(),
        ...choose("item_id", "Charging", DIALOG),
        ...fill("value", "12.1", DIALOG),
        {
            content: "The limits tell that it is not in order",
            trigger: `${inDialog("result")} .active:contains(Not in order)`,
        },
        ...saveTest(),
        ...addTest(),
        ...tapBadge("kind", "Trouble code"),
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
        ...press("Diagnosis explained"),
        ...fill("signer", "Mrs. Wang", DIALOG),
        ...pressInDialog("Explained"),
        {
            content: "The button is gone",
            trigger:
                ".o_form_view:not(:has(button[name=action_explain_diagnosis]))",
        },
    ],
});
